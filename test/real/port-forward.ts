import { connect, createServer } from 'node:net';

/** Address of each Service, by its name. */
const hosts = JSON.parse(process.env['PORT_FORWARD_HOSTS'] ?? '{}') as Record<string, string>;
/** What listens behind the port of a Service that stands for an existing one. */
const TARGET_PORTS: Readonly<Record<string, number>> = { '80': 3000 };

// Plays `kubectl port-forward service/<name> <local>:<remote> …`, which a kubelet would answer.
const service =
  process.argv.find((argument) => argument.startsWith('service/'))?.slice('service/'.length) ?? '';
for (const pair of process.argv.filter((argument) => /^\d+:\d+$/.test(argument))) {
  const [local, remote = ''] = pair.split(':');
  createServer((socket) => {
    const target = connect(TARGET_PORTS[remote] ?? Number(remote), hosts[service]);
    socket.pipe(target).pipe(socket);
    for (const end of [socket, target]) end.on('error', () => socket.destroy());
  }).listen(Number(local), '127.0.0.1');
}
