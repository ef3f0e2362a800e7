import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Manifest } from '../support/render';
import { canSwitchUsers } from './sandbox';

/** A folder of the machine at a path of the container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What a container is made of. */
export interface ContainerProps {
  /** Name of the host, which is that of the pod. */
  readonly hostName: string;
  /** Where its root file system is put together. */
  readonly root: string;
  /** Path of the program that the image would bring. */
  readonly program: string;
  readonly args: readonly string[];
  /** Variables, as `NAME=value`. */
  readonly environment: readonly string[];
  /** Security contexts of pod and container, in one. */
  readonly security: Manifest;
  readonly mounts: readonly Mount[];
  /** File that becomes `/etc/hosts`. */
  readonly hostsFile: string;
}

/** Shell commands that make the root of a container in a mount namespace, and end as its process. */
export function containerScript(props: ContainerProps): string {
  const { root, program, security } = props;
  const lines = [`hostname ${props.hostName}`, `mkdir -p ${root}`, `mount -t tmpfs tmpfs ${root}`];
  const bind = ({ source, target, readOnly }: Mount) => {
    lines.push(`mkdir -p ${quote(root + target)}`, `mount --rbind ${quote(source)} ${quote(root + target)}`);
    if (readOnly) lines.push(`mount -o remount,bind,ro ${quote(root + target)}`);
  };
  // What a distroless image brings: the program, the libraries it may be linked to, devices.
  for (const folder of ['/usr', '/lib', '/lib64', '/bin'].filter((path) => existsSync(path))) {
    bind({ source: folder, target: folder, readOnly: true });
  }
  bind({ source: '/dev', target: '/dev', readOnly: false });
  bind({ source: dirname(program), target: '/image', readOnly: true });
  lines.push(`mkdir -p ${root}/proc ${root}/etc ${root}/tmp`, `mount -t proc proc ${root}/proc`);
  lines.push(`touch ${root}/etc/hosts`, `mount --bind ${quote(props.hostsFile)} ${root}/etc/hosts`);
  for (const mount of props.mounts) bind(mount);
  if (security.readOnlyRootFilesystem) lines.push(`mount -o remount,bind,ro ${root}`);
  const command = ['env', '-i', 'PATH=/usr/bin:/bin', ...props.environment, ...identity(security)];
  const call = [...command, `/image/${basename(program)}`, ...props.args];
  lines.push(`exec chroot ${root} ${call.map(quote).join(' ')}`);
  return lines.join('\n');
}

/** The command that takes the user of the manifest, and gives up every capability, as all of ours do. */
function identity(security: Manifest): string[] {
  if (JSON.stringify(security.capabilities) !== '{"drop":["ALL"]}')
    throw new Error('capabilities are not dropped');
  if (!canSwitchUsers()) return ['setpriv', '--no-new-privs'];
  const user = [`--reuid=${security.runAsUser}`, `--regid=${security.runAsGroup}`, '--clear-groups'];
  return ['setpriv', ...user, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
