import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Manifest, manifests, settings } from '../../support/render';
import { BUCKET_SECRET, BucketServer, onBucketServer } from '../bucket-server';
import { bytesBelow } from '../bytes-below';
import { sendLines } from '../line-sender';
import { scrape, sumOfMetric } from '../metrics';
import { percentile, queryTimes } from '../query-times';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { QUERIES } from '../throughput-loki';
import { TYPICAL_LINES } from '../typical-load';

const STREAMS = 60;
const BYTES_PER_STREAM = 512 * 2 ** 10;

/** The same lines and queries for one Loki on a volume, and for three on a bucket. */
export const compareScenario: Scenario = {
  name: 'compare',
  title: 'One Loki on a volume against three on a bucket: CPU, bytes and queries, in one run',
  needs: ['loki', 'gofakes3'],
  async run({ folder, report }: Run) {
    const one = await measured({
      folder: join(folder, 'one'),
      objects: manifests(settings()),
      pods: ['loki'],
    });
    tell(report, 'one on a volume', one);
    const server = new BucketServer(join(folder, 'server'));
    try {
      await server.start();
      const values = {
        loki: { storage: onBucketServer('loki'), replicas: 3 },
        budget: { storage: '1Ti' },
      };
      const three = await measured({
        folder: join(folder, 'three'),
        objects: [...manifests(settings(values)), BUCKET_SECRET],
        pods: ['loki', 'loki-2', 'loki-3'],
        server,
      });
      tell(report, 'three on a bucket', three);
      report.figure('three on a bucket: CPU in times of one', (three.cpu / one.cpu).toFixed(2));
      report.figure(
        'three on a bucket: bytes stored in times of one',
        (three.stored / one.stored).toFixed(2),
      );
      report.figure(
        'three on a bucket: requests that write in times of one',
        (three.puts / one.puts).toFixed(2),
      );
    } finally {
      server.stop();
    }
  },
};

interface Figures {
  /** CPU seconds of all replicas for a MB of lines, until they are stored. */
  readonly cpu: number;
  /** Bytes of chunks and index for a byte of lines. */
  readonly stored: number;
  /** Objects written for a MB of lines. */
  readonly puts: number;
  /** Milliseconds of each run of each query. */
  readonly times: Readonly<Record<string, readonly number[]>>;
}

async function measured(props: {
  readonly folder: string;
  readonly objects: readonly Manifest[];
  readonly pods: readonly string[];
  readonly server?: BucketServer;
}): Promise<Figures> {
  const { folder, objects, pods, server } = props;
  const stack = await Stack.create({ folder, objects, withApi: false });
  try {
    await stack.start(...pods);
    const start = Date.now();
    const all = pods.map((name) => stack.pod(name));
    const [first] = all;
    if (!first) throw new Error('there is no pod');
    const cpu = () => all.reduce((total, pod) => total + pod.cpuSeconds, 0);
    const before = cpu();
    const formats = Object.keys(TYPICAL_LINES);
    const sent = await sendLines([first], { streams: STREAMS, bytesPerStream: BYTES_PER_STREAM, formats });
    // As if every chunk in memory were old enough, so that queries read what is stored.
    for (const { address } of all) await fetch(`http://${address}:3100/flush`, { method: 'POST' });
    await sleep(90_000);
    const used = cpu() - before;
    const claim = join(folder, 'claims', 'loki');
    const onVolume = () => ['chunks', 'tsdb-index'].map((name) => bytesBelow(join(claim, name)));
    const sizes = server ? [...(await server.sizes('loki')).values()] : onVolume();
    const puts = await Promise.all(
      all.map(async ({ address }) =>
        sumOfMetric(await scrape(address, 3100), 'loki_ingester_chunks_flushed_total'),
      ),
    );
    return {
      cpu: used / (sent / 1e6),
      stored: sizes.reduce((total, bytes) => total + bytes, 0) / sent,
      puts: puts.reduce((total, count) => total + count, 0) / (sent / 1e6),
      times: (await (await queryTimes({ first }, start)).first) ?? {},
    };
  } finally {
    await stack.stop();
  }
}

function tell(report: Run['report'], what: string, { cpu, stored, puts, times }: Figures): void {
  report.figure(`${what}: MB/s of lines per CPU`, (1 / cpu).toFixed(1));
  report.figure(`${what}: bytes stored for a byte of lines`, stored.toFixed(2));
  report.figure(`${what}: chunks written for a MB of lines`, puts.toFixed(2));
  for (const query of Object.keys(QUERIES))
    report.figure(`${what}: p95 in ms of ${query}`, Math.round(percentile(times[query] ?? [], 0.95)));
}
