import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Address of the node on the bridge that connects the pods. */
export const NODE_ADDRESS = '10.42.0.1';
const MARK = 'REAL_SANDBOX';

/** Runs a command and returns what it prints; its own words are in the error when it fails. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Whether this process is already inside. */
export function insideSandbox(): boolean {
  return process.env[MARK] === '1';
}

/**
 * Starts this program again in namespaces of its own (mounts, network, processes): nothing it mounts, listens
 * on or starts is seen outside, and all of it ends with it. Who is not root becomes root of a user namespace,
 * where every user is the same; the daemons then do not run under the users of their manifests.
 */
export function enterSandbox(): void {
  const userNamespace = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const namespaces = [
    ...userNamespace,
    '--mount',
    '--net',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  // By the script that started this one, as Node cannot start TypeScript itself.
  const again = [process.execPath, 'scripts/run.cjs', ...process.argv.slice(1)];
  const child = spawn('unshare', [...namespaces, ...again], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1', REAL_USERS: userNamespace.length === 0 ? 'all' : 'one' },
  });
  // Whoever ends this process means the sandbox; its end takes everything inside along.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill('SIGKILL'));
  child.on('error', (error) => {
    process.stderr.write(`unshare cannot be started (package util-linux): ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

/** Whether daemons can run under the users of their manifests. */
export function canSwitchUsers(): boolean {
  return process.env['REAL_USERS'] === 'all';
}

/** Sets up the network of the node: a bridge that pods are plugged into. */
export function prepareNode(): void {
  run('mount', '-t', 'tmpfs', 'tmpfs', '/run');
  mkdirSync('/run/netns');
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'link', 'add', 'pods', 'type', 'bridge');
  run('ip', 'addr', 'add', `${NODE_ADDRESS}/24`, 'dev', 'pods');
  run('ip', 'link', 'set', 'pods', 'up');
}

/** A network namespace with one address on the bridge. */
export function addPodNetwork(name: string, address: string): void {
  const cable = cableOf(address);
  run('ip', 'netns', 'add', name);
  run('ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  run('ip', 'link', 'set', cable, 'master', 'pods', 'up');
  run('ip', '-n', name, 'link', 'set', 'lo', 'up');
  run('ip', '-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  run('ip', '-n', name, 'link', 'set', 'eth0', 'up');
  run('ip', '-n', name, 'route', 'add', 'default', 'via', NODE_ADDRESS);
}

/** Takes the network of a pod away; what runs in it is to be ended first. */
export function removePodNetwork(name: string, address: string): void {
  // The namespace goes when its last process is gone; the cable has to go now, as its name is wanted again.
  run('ip', 'link', 'del', cableOf(address));
  run('ip', 'netns', 'del', name);
}

/** Name of the end of a pod's cable on the node; at most 15 characters, so not the pod's. */
function cableOf(address: string): string {
  return `pod-${address.split('.').at(-1)}`;
}
