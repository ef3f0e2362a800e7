import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** Tools whose BSD version differs from that of GNU; on the PATH of every script under test. */
export const BSD_TOOLS = ['paste', 'sed', 'mktemp', 'date', 'readlink'];

const object = (apiVersion: string, kind: string, name: string, namespace = 'monitoring') =>
  [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    `  namespace: ${namespace}`,
  ].join('\n');

const LOKI = [
  object('v1', 'PersistentVolumeClaim', 'loki'),
  object('apps/v1', 'StatefulSet', 'loki'),
  object('v1', 'Service', 'loki'),
];

/** A checkout with the scripts, rendered manifests, and a PATH of stand-ins. */
export class Checkout {
  public readonly root = mkdtempSync(join(tmpdir(), 'checkout-'));
  public readonly bin = join(this.root, 'bin');

  constructor() {
    for (const folder of ['bin', 'scripts', 'dist']) mkdirSync(join(this.root, folder));
    for (const name of readdirSync(join(ROOT, 'scripts')).filter((one) => one.endsWith('.sh')))
      copyFileSync(join(ROOT, 'scripts', name), join(this.root, 'scripts', name));
    this.standIn('fake-kubectl.sh', 'kubectl');
    for (const tool of BSD_TOOLS) this.standIn('bsd.sh', tool);
    this.writeManifests('default', LOKI);
    this.writeManifests('apart', [...LOKI, object('v1', 'Secret', 'datasources', 'grafana')]);
  }

  /** Renders a cluster, with the file that ties it to one. */
  public writeManifests(name: string, objects: readonly string[], tie?: string): void {
    const folder = name === 'default' ? join(this.root, 'dist') : join(this.root, 'dist', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'stack.k8s.yaml'), `${objects.join('\n---\n')}\n`);
    if (tie !== undefined) writeFileSync(join(folder, 'cluster.txt'), tie);
  }

  /** A cluster whose values name a context or an API server. */
  public tie(lines: string): void {
    this.writeManifests('tied', LOKI, lines);
  }

  /** Runs a script, and returns what it printed and which calls of kubectl it made. */
  public run(command: string, args: readonly string[], env: Record<string, string> = {}) {
    const log = join(this.root, 'log');
    rmSync(log, { force: true });
    const script = join(this.root, 'scripts', `${command}.sh`);
    const { status, stdout, stderr } = spawnSync('bash', [script, ...args], {
      encoding: 'utf8',
      env: { PATH: `${this.bin}:/usr/bin:/bin`, KUBECTL_LOG: log, ...env },
    });
    const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    return { status, stdout, stderr, calls };
  }

  public remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private standIn(source: string, name: string): void {
    copyFileSync(join(__dirname, source), join(this.bin, name));
    chmodSync(join(this.bin, name), 0o755);
  }
}
