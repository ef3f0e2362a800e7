import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readFolder } from '../lib/kubernetes/manifest-files';
import type { KubernetesObject } from '../lib/kubernetes/object';
import { readManifests as readFile } from '../lib/kubernetes/read-manifests';
import { print } from '../lib/terminal';

/** Thrown for invalid arguments. The program exits with code 2 and prints one line. */
export class UsageError extends Error {}

/** Every object of a cluster, as rendered. */
export function readManifests(values: string): KubernetesObject[] {
  const folder = values === 'default' ? 'dist' : join('dist', values);
  const files = existsSync(folder) ? readFolder(folder, { recursive: false }) : [];
  if (files.length === 0) throw new UsageError(`${folder}/ contains no manifests; ${fix(values)}`);
  return files.flatMap((file) => [...readFile(file)].map(({ object }) => object));
}

/** The fix if a cluster has no manifests: another name if no values file has this one. */
function fix(values: string): string {
  const paths = existsSync('dist') ? readdirSync('dist', { recursive: true, encoding: 'utf8' }) : [];
  const folders = new Set(paths.filter((path) => path.endsWith('.k8s.yaml')).map(dirname));
  const names = [...folders].map((folder) => (folder === '.' ? 'default' : folder));
  return names.length > 0 && !existsSync(join('values', `${values}.yaml`))
    ? `pass --values with one of: ${names.sort().join(', ')}`
    : 'render them: npx cdk8s synth';
}

/** Runs a program. An error of the caller becomes one line on stderr and exit code 2. */
export function runMain(
  name: string,
  main: () => Promise<void>,
  known: ReadonlyArray<new (argument: never) => Error> = [],
): void {
  main().catch((error: Error & { code?: string }) => {
    const foreseen = [UsageError, ...known].some((type) => error instanceof type);
    if (!foreseen && !error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    print(process.stderr, `${name}: ${foreseen ? error.message : wrongArgument(error)}\n`);
    process.exitCode = 2;
  });
}

/** The message of Node for a wrong argument, without its advice on arguments that begin with a hyphen. */
export function wrongArgument({ message }: Error): string {
  return `${message.split(/\n|\. To specify /)[0]}; see --help`;
}
