import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of metrics with their labels, and where that is known from. */
interface MetricsFile {
  readonly source: string;
  readonly metrics: Readonly<Record<string, readonly string[]>>;
}

const FOLDER = join('test', 'queries', 'metrics');

export const METRICS_FILES: ReadonlyArray<MetricsFile & { readonly name: string }> = readdirSync(FOLDER)
  .sort()
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as MetricsFile) }));

/** Labels that Prometheus gives to what it scrapes, as the operator configures it. */
const TARGET_LABELS = [
  ...['job', 'instance', 'namespace', 'service', 'pod', 'container', 'endpoint', 'node'],
  // By cluster.name, or by a Prometheus that collects from several clusters.
  'cluster',
];

/** Every metric that the stack or kube-prometheus-stack exports, with its labels. */
export const KNOWN_METRICS = new Map<string, ReadonlySet<string>>();
for (const { metrics } of METRICS_FILES) {
  for (const [name, labels] of Object.entries(metrics)) {
    KNOWN_METRICS.set(name, new Set([...(KNOWN_METRICS.get(name) ?? []), ...labels, ...TARGET_LABELS]));
  }
}

/** What the alerts of Prometheus are in Prometheus. */
KNOWN_METRICS.set('ALERTS', new Set(['alertname', 'alertstate', 'severity', 'cluster']));
