import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { configOf, manifests, settings } from '../../support/render';
import { BUCKET_SECRET, BucketServer, onBucketServer } from '../bucket-server';
import { hastened, seeDeletion } from '../deletion';
import { LineWriter } from '../line-writer';
import { requests } from '../load';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import { normal } from '../running-config';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

const TRACES = 500;

/** Loki and Tempo with a bucket: what was acknowledged outlives restarts, crashes, and a server that is away. */
export const s3Scenario: Scenario = {
  name: 's3',
  title: 'Buckets: Loki and Tempo restarted, killed, without their volume; the server of the buckets away',
  needs: ['loki', 'tempo', 'gofakes3'],
  async run({ folder, outageSeconds, report }: Run) {
    const objects = [
      ...manifests(
        settings({ loki: { storage: onBucketServer('loki') }, tempo: { storage: onBucketServer('tempo') } }),
      ),
      BUCKET_SECRET,
    ];
    const server = new BucketServer(join(folder, 'server'));
    const stack = await Stack.create({ folder, objects, withApi: false });
    try {
      await server.start();
      await stack.start('loki', 'tempo');
      await lokiRestarts(stack, server, report, join(folder, 'claims', 'loki'));
      await serverAway(stack, server, report, outageSeconds);
      await tempoKilled(stack, server, report);
    } finally {
      server.stop();
      await stack.stop();
    }
    await deleted(join(folder, 'deleted'), report);
    await moved(join(folder, 'moved'), report);
  },
};

const addressOf = (stack: Stack, name: string) => stack.pod(name).address;
const lokiOf = (stack: Stack) => new LokiClient(`http://${addressOf(stack, 'loki')}:3100`);

/** Reports what Loki has of the lines that it acknowledged. */
async function compare(stack: Stack, report: Run['report'], when: string, writer: LineWriter): Promise<void> {
  const found = await lokiOf(stack).count(`{pod="${writer.pod}"}`);
  report.equal(
    `Loki ${when}: of ${writer.acknowledged} acknowledged lines, lost`,
    writer.acknowledged - found,
    0,
  );
}

async function lokiRestarts(
  stack: Stack,
  server: BucketServer,
  report: Run['report'],
  volume: string,
): Promise<void> {
  const loki = stack.pod('loki');
  const writer = new LineWriter([loki.address], 'restarts');
  await sleep(15_000);
  await loki.kill();
  await stack.start('loki');
  await sleep(10_000);
  report.figure('seconds of a clean stop under load', (await loki.stop()).toFixed(1));
  const keys = await server.keys('loki');
  const below = (folder: string) => keys.filter((key) => key.startsWith(folder)).length;
  report.figure(
    'objects after a clean stop: chunks, index',
    `${below('fake/')}, ${below('index/')}`,
    below('fake/') > 0 && below('index/') > 0,
  );
  await stack.start('loki');
  await sleep(5_000);
  await writer.stop();
  await compare(stack, report, 'killed and restarted under load', writer);
  await loki.stop();
  rmSync(volume, { recursive: true });
  await stack.start('loki');
  await compare(stack, report, 'stopped, and started with an empty volume', writer);
}

async function serverAway(
  stack: Stack,
  server: BucketServer,
  report: Run['report'],
  seconds: number,
): Promise<void> {
  const loki = stack.pod('loki');
  const writer = new LineWriter([loki.address], 'away');
  await sleep(5_000);
  server.stop();
  await sleep(5_000);
  // As if every chunk in memory were old enough.
  await fetch(`http://${loki.address}:3100/flush`, { method: 'POST' });
  await sleep(seconds * 1000);
  const failed = sumOfMetric(
    await scrape(loki.address, 3100),
    'loki_objstore_bucket_operation_failures_total',
  );
  report.figure(`bucket away for ${seconds} s: failed operations that Loki counts`, failed, failed > 0);
  report.equal(`bucket away for ${seconds} s: pushes that failed`, writer.failures, 0);
  await loki.kill();
  loki.start();
  await sleep(40_000);
  report.figure(
    'Loki started while the bucket is away',
    loki.running ? 'runs' : 'ends, and has to be started again',
  );
  await server.start();
  if (!loki.running) loki.start();
  report.figure('seconds to ready once the bucket is back', (await loki.ready()).toFixed(1));
  await sleep(5_000);
  const acknowledged = await writer.stop();
  report.figure('bucket away: lines that Loki acknowledged', acknowledged, acknowledged > 0);
  await compare(stack, report, 'after the bucket was away', writer);
  await loki.stop();
  await stack.start('loki');
  await compare(stack, report, 'after the bucket was away, and a clean stop', writer);
}

async function tempoKilled(stack: Stack, server: BucketServer, report: Run['report']): Promise<void> {
  const { address } = stack.pod('tempo');
  const send = async (service: string) => {
    const spans = requests(service, TRACES);
    await SENDERS['OTLP gRPC'](address, spans);
    return spans;
  };
  const spans = await send('killed');
  await sleep(40_000);
  await stack.pod('tempo').kill();
  await stack.start('tempo');
  report.equal(
    `Tempo killed 40 s after they were sent: lost of ${TRACES} traces`,
    await missingOf(address, spans),
    0,
  );
  server.stop();
  const others = await send('away');
  await sleep(60_000);
  await stack.pod('tempo').stop();
  await server.start();
  await stack.start('tempo');
  report.equal(
    `bucket away for 60 s, Tempo restarted: lost of ${TRACES} traces`,
    await missingOf(address, others),
    0,
  );
  report.figure(
    'objects of Tempo',
    (await server.keys('tempo')).length,
    (await server.keys('tempo')).length > 0,
  );
  await tempoKilledUnderLoad(stack, report);
  for (const step of ['15s', '1m', '5m', '15m'])
    report.equal(
      `status of a TraceQL metrics query over 30 minutes in steps of ${step}`,
      await rate(address, step),
      200,
    );
}

async function rate(address: string, step: string): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const range = { start: String(now - 1_800), end: String(now), step };
  const query = new URLSearchParams({ q: '{} | rate()', ...range });
  return (await fetch(`http://${address}:3100/api/metrics/query_range?${query}`)).status;
}

/** Traces of the last seconds are in memory only. */
async function tempoKilledUnderLoad(stack: Stack, report: Run['report']): Promise<void> {
  const { address } = stack.pod('tempo');
  const sent: { traceId: string; at: number }[] = [];
  const began = Date.now();
  while (Date.now() < began + 90_000) {
    const spans = requests('loaded', 20);
    await SENDERS['OTLP gRPC'](address, spans);
    sent.push(...spans.map(({ traceId }) => ({ traceId, at: Date.now() })));
    await sleep(500);
  }
  const killed = Date.now();
  await stack.pod('tempo').kill();
  await stack.start('tempo');
  const [old, young] = [true, false].map((isOld) => sent.filter(({ at }) => at < killed - 40_000 === isOld));
  report.equal(
    `Tempo killed under load: lost of ${old?.length} traces older than 40 s`,
    await missingOf(address, old ?? []),
    0,
  );
  report.figure(
    `Tempo killed under load: lost of ${young?.length} younger traces`,
    await missingOf(address, young ?? []),
  );
}

/** How many of the traces Tempo does not know. */
async function missingOf(address: string, spans: ReadonlyArray<{ traceId: string }>): Promise<number> {
  let lost = 0;
  for (const { traceId } of spans) lost += (await readTrace(address, traceId)).length === 0 ? 1 : 0;
  return lost;
}

/** The blocks of a Tempo on a volume are copied to a bucket, as docs/object-storage.md says. */
async function moved(folder: string, report: Run['report']): Promise<void> {
  const onVolume = await Stack.create({
    folder: join(folder, 'volume'),
    objects: manifests(settings()),
    withApi: false,
  });
  const spans = requests('moved', TRACES);
  try {
    await onVolume.start('tempo');
    await SENDERS['OTLP gRPC'](addressOf(onVolume, 'tempo'), spans);
    await sleep(75_000);
    await onVolume.pod('tempo').stop();
  } finally {
    await onVolume.stop();
  }
  const objects = [...manifests(settings({ tempo: { storage: onBucketServer('tempo') } })), BUCKET_SECRET];
  const server = new BucketServer(join(folder, 'server'));
  const stack = await Stack.create({ folder: join(folder, 'bucket'), objects, withApi: false });
  try {
    await server.start();
    const blocks = join(folder, 'volume', 'claims', 'tempo', 'blocks', 'single-tenant');
    const files = readdirSync(blocks, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && !one.name.startsWith('index.'))
      .map((one) => join(one.parentPath, one.name));
    for (const file of files)
      await server.put('tempo', `single-tenant/${relative(blocks, file)}`, readFileSync(file));
    await stack.start('tempo');
    // Until it has listed the blocks.
    await sleep(20_000);
    report.equal(
      `Tempo moved from its volume to a bucket with ${files.length} files: lost of ${TRACES} traces`,
      await missingOf(addressOf(stack, 'tempo'), spans),
      0,
    );
  } finally {
    server.stop();
    await stack.stop();
  }
}

/** Objects go once their lines are old enough. */
async function deleted(folder: string, report: Run['report']): Promise<void> {
  const objects = hastened([
    ...manifests(settings({ loki: { storage: onBucketServer('old') } })),
    BUCKET_SECRET,
  ]);
  const server = new BucketServer(join(folder, 'server'));
  const stack = await Stack.create({ folder, objects, withApi: false });
  try {
    await server.start();
    await stack.start('loki');
    const retentionMs = Number(normal(configOf(objects, 'loki').limits_config.retention_period)) * 1000;
    const chunks = async () => (await server.keys('old')).filter((key) => key.startsWith('fake/')).length;
    await seeDeletion(stack, lokiOf(stack), report, { retentionMs, chunks });
  } finally {
    server.stop();
    await stack.stop();
  }
}
