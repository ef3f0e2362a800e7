import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { Duration } from '../../lib/kubernetes/duration';
import type { Manifest } from '../support/render';
import { NODE_NAME } from './pod';
import { findProgram, PROGRAMS } from './programs';
import type { Stack } from './stack';

/** The daemons that tell their configuration over HTTP, and where. */
const ADDRESSES: Readonly<Record<string, string>> = {
  loki: ':3100/config',
  tempo: ':3100/status/config',
  promtail: ':3101/config',
};

/** The configuration that a daemon runs with, defaults included. */
export async function runningConfig(
  stack: Stack,
  objects: readonly Manifest[],
  name: string,
  folder: string,
): Promise<Manifest> {
  const path = ADDRESSES[name];
  if (path === undefined) return printedConfig(objects, name, folder);
  const response = await fetch(`http://${stack.pod(name).address}${path}`);
  if (!response.ok) throw new Error(`${name}${path}: ${response.status}`);
  const text = await response.text();
  // Promtail shows a page, and Tempo writes the request into a document of its own before.
  const page = /<pre id="config_yaml">(.*?)<\/pre>/s.exec(text)?.[1];
  return parseAllDocuments(page === undefined ? text : unescaped(page))
    .at(-1)
    ?.toJS();
}

/** The text that an HTML page shows, of which Go's templates escape these characters. */
function unescaped(html: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };
  return html.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code === undefined ? (named[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}

/** The collector tells nobody what it runs with; it prints a file with every default filled in. */
function printedConfig(objects: readonly Manifest[], name: string, folder: string): Manifest {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  const file = join(folder, `${name}.yaml`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, Object.values<string>(map.data)[0] ?? '');
  const program = findProgram(PROGRAMS['otel-collector']) ?? '';
  // The agent reads the name of its node.
  const env = { ...process.env, NODE_NAME };
  const { status, stdout, stderr } = spawnSync(program, ['print-config', `--config=${file}`], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`${name} print-config: ${stderr.trim().split('\n').at(-1)}`);
  return parse(stdout);
}

/** A value in one notation: programs write `168h` back as `1w` or `168h0m0s`, and `0` as `0s`. */
export function normal(value: unknown): unknown {
  return typeof value === 'string' && /^\d/.test(value)
    ? (Duration.parse(value)?.seconds ?? (Number.isNaN(Number(value)) ? value : Number(value)))
    : value;
}
