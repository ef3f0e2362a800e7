import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from './loki-client';
import type { Pod } from './pod';
import { TYPICAL_LINES } from './typical-load';

const LINES_AT_ONCE = 64 * 2 ** 10;
/** Below the ingestion limit of the default, with structured metadata and all. */
const BYTES_PER_SECOND = 5 * 2 ** 20;

/** Sends the same lines to each Loki, to every stream in turn, at a rate that the default limits take; returns their bytes. */
export async function sendLines(
  pods: readonly Pod[],
  shape: { streams: number; bytesPerStream: number; formats: readonly string[] },
): Promise<number> {
  const clients = pods.map(({ address }) => new LokiClient(`http://${address}:3100`));
  const began = Date.now();
  let [number, sent] = [0, 0];
  for (let round = 0; round * LINES_AT_ONCE < shape.bytesPerStream; round++) {
    for (let stream = 0; stream < shape.streams; stream++) {
      const format = shape.formats[stream % shape.formats.length] ?? '';
      const lines = [];
      for (let bytes = 0; bytes < Math.min(LINES_AT_ONCE, shape.bytesPerStream); ) {
        const typical = TYPICAL_LINES[format]?.(number++, new Date());
        if (!typical) throw new Error(`there are no typical lines of the format ${format}`);
        lines.push({ ...typical, nanoseconds: BigInt(Date.now()) * 1_000_000n + BigInt(lines.length) });
        bytes += typical.line.length;
        sent += typical.line.length;
      }
      for (const loki of clients) await loki.push(labelsOf(stream), lines);
      await until(began + (sent / BYTES_PER_SECOND) * 1000);
    }
  }
  return sent;
}

/** Labels of a container's stream, of the length that names in a cluster have. */
function labelsOf(stream: number): Record<string, string> {
  const app = `application-${stream}`;
  const pod = `${app}-7f8b9c6d54-x2x4z`;
  return {
    namespace: `team-${stream % 20}`,
    pod,
    container: 'application',
    app,
    node: 'node-1',
    stream: 'stdout',
  };
}

/** Waits until a time, in milliseconds since 1970. */
export async function until(time: number): Promise<void> {
  if (time > Date.now()) await sleep(time - Date.now());
}
