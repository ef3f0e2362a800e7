import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

// Plays the two calls of kubectl that a kubelet answers: `port-forward <kind>/<name> <local>:<remote> …` and
// `logs <kind>/<name> [--tail=<n>]`.
const { KUBELET_HOSTS = '{}', KUBELET_LOGS = '{}' } = process.env;
const hosts = JSON.parse(KUBELET_HOSTS) as Record<string, string>;
const logs = JSON.parse(KUBELET_LOGS) as Record<string, string>;
/** What listens behind the port of a Service that stands for an existing one. */
const TARGET_PORTS: Readonly<Record<string, number>> = { '80': 3000 };

const target = process.argv.find((argument) =>
  /^(?:service|daemonset|deployment|statefulset)\//.test(argument),
);
const name = target?.split('/')[1] ?? '';
if (process.argv.includes('logs')) print();
else forward();

function forward(): void {
  for (const pair of process.argv.filter((argument) => /^\d+:\d+$/.test(argument))) {
    const [local, remote = ''] = pair.split(':');
    createServer((socket) => {
      const end = connect(TARGET_PORTS[remote] ?? Number(remote), hosts[name]);
      socket.pipe(end).pipe(socket);
      for (const one of [socket, end]) one.on('error', () => socket.destroy());
    }).listen(Number(local), '127.0.0.1');
  }
}

function print(): void {
  const tail = Number(
    process.argv.find((argument) => argument.startsWith('--tail='))?.slice('--tail='.length),
  );
  const file = logs[name];
  const lines =
    file === undefined ? [`no log of ${name} here`] : readFileSync(file, 'utf8').trimEnd().split('\n');
  process.stdout.write(`${lines.slice(-tail).join('\n')}\n`);
}
