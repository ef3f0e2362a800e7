import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { type Manifest, manifests, settings } from '../../support/render';
import { PROVIDERS, type Provider } from '../bucket-providers';
import { requests } from '../load';
import { LokiClient } from '../loki-client';
import { findProgram, PROGRAMS } from '../programs';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';
import { certificateFor, TlsFront } from '../tls-front';

const STORES = ['loki', 'tempo'] as const;
const LINES = 1_000;
const TRACES = 100;
const identity = { type: 'secret', secretName: 'bucket-keys' };

/** Loki and Tempo with every kind of bucket, each under its own name, with its own certificate and credentials. */
export const bucketsScenario: Scenario = {
  name: 'buckets',
  title: 'Buckets of every kind: a server with a private authority, Google Cloud Storage, Azure',
  needs: ['loki', 'tempo'],
  async run({ folder, report }: Run) {
    for (const provider of PROVIDERS) {
      const program = findProgram(PROGRAMS[provider.program]);
      if (program) await useBuckets(provider, program, join(folder, provider.program), report);
      else report.skip(provider.name, `${PROGRAMS[provider.program].name} is missing`);
    }
  },
};

const PORT = 9000;

async function useBuckets(
  provider: Provider,
  program: string,
  folder: string,
  report: Run['report'],
): Promise<void> {
  const { hosts, others } = provider;
  const certificate = certificateFor([...hosts, ...Object.keys(others ?? {})], join(folder, 'tls'));
  const front = new TlsFront(certificate, {
    ...Object.fromEntries(hosts.map((host) => [host, PORT])),
    ...others,
  });
  const server = await startServer(provider, program, join(folder, 'server'));
  const stackOf = (caOfValues: string) =>
    Stack.create({
      folder: join(folder, 'node'),
      objects: objectsOf(provider, caOfValues),
      withApi: false,
      hosts: front.hosts,
      trusted: provider.hasPrivateAuthority ? undefined : certificate.authority,
    });
  let stack: Stack | undefined;
  try {
    await front.start();
    stack = await stackOf(certificate.authority);
    await keepInBuckets(stack, provider, front, join(folder, 'node', 'claims'), report);
    if (!provider.hasPrivateAuthority) return;
    await stack.stop();
    const stranger = certificateFor(['other.example.test'], join(folder, 'stranger'));
    stack = await stackOf(stranger.authority);
    for (const store of STORES) {
      const pod = stack.pod(store);
      pod.start();
      for (let tries = 0; pod.running && tries < 90; tries++) await sleep(1_000);
      const says = /x509: certificate signed by unknown authority/.exec(pod.tail(50))?.[0];
      report.equal(
        `${store} with another authority says`,
        says,
        'x509: certificate signed by unknown authority',
      );
    }
  } finally {
    await stack?.stop();
    front.stop();
    server.kill('SIGKILL');
  }
}

async function startServer(provider: Provider, program: string, folder: string): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true });
  const server = spawn(program, provider.args(PORT, folder), {
    stdio: 'ignore',
    env: { ...process.env, ...provider.env },
  });
  const url = `http://127.0.0.1:${PORT}`;
  for (let tries = 0; tries < 200; tries++) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) {
      for (const bucket of STORES) await provider.create(url, bucket);
      return server;
    }
    await sleep(100);
  }
  throw new Error(`${provider.name} does not answer`);
}

function objectsOf({ storage, secret }: Provider, authority: string): Manifest[] {
  const namespace = 'monitoring';
  const stores = Object.fromEntries(
    STORES.map((name) => [name, { storage: { ...storage(name), identity } }]),
  );
  return [
    ...manifests(settings(stores)),
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'bucket-keys', namespace }, stringData: secret },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'bucket-authority', namespace },
      data: { 'ca.crt': authority },
    },
  ];
}

/** Stores write to their buckets, lose their volumes, and find everything again. */
async function keepInBuckets(
  stack: Stack,
  { name, writes, headers = {} }: Provider,
  front: TlsFront,
  claims: string,
  report: Run['report'],
): Promise<void> {
  await stack.start(...STORES);
  const [loki, tempo] = STORES.map((store) => stack.pod(store).address) as [string, string];
  const now = BigInt(Date.now()) * 1_000_000n;
  const lines = Array.from({ length: LINES }, (_, n) => ({
    nanoseconds: now + BigInt(n),
    line: `line ${n}`,
  }));
  await new LokiClient(`http://${loki}:3100`).push({ pod: 'kept', namespace: 'apps' }, lines);
  const spans = requests('kept', TRACES);
  await SENDERS['OTLP gRPC'](tempo, spans);
  await sleep(60_000);
  for (const store of STORES) await stack.pod(store).stop();
  // Tempo completes at its next start what it could not before it stopped.
  await stack.start('tempo');
  await sleep(60_000);
  await stack.pod('tempo').stop();
  rmSync(claims, { recursive: true });
  await stack.start(...STORES);
  const found = await new LokiClient(`http://${loki}:3100`).count('{pod="kept"}');
  report.equal(`${name}: lines of ${LINES} after the volume was lost`, found, LINES);
  let lost = 0;
  for (const { traceId } of spans) lost += (await readTrace(tempo, traceId)).length === 0 ? 1 : 0;
  report.equal(`${name}: lost of ${TRACES} traces after the volume was lost`, lost, 0);
  const written = front.passed.filter(writes);
  report.figure(`${name}: objects written`, written.length, written.length > 0);
  for (const [header, value] of Object.entries(headers))
    report.equal(
      `${name}: of these, without ${header}`,
      written.filter((request) => request.headers[header] !== value).length,
      0,
    );
}
