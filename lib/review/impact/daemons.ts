import { at, type Json, type JsonMap, listAt, textAt } from '../manifests/json';
import type { Manifest } from '../manifests/manifest';
import { containersOf, podOf } from './pods';

/** What people call a daemon, and what a restart of it means to them. */
export interface Daemon {
  readonly title: string;
  /** Repository of its image, without registry and organisation. */
  readonly images: readonly string[];
  /** What nobody gets while it is away. */
  readonly without: string;
  /** What a restart costs, even one without a gap. */
  readonly cost: string;
}

/**
 * Costs as the recorded runs of this project saw them, and as the programs document them.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/v0.158.0/processor/tailsamplingprocessor/README.md
 */
const DAEMONS: readonly Daemon[] = [
  {
    title: 'Loki',
    images: ['loki', 'loki-distroless'],
    without: 'queries',
    cost: 'no lines lost, as agents send again what it did not take',
  },
  {
    title: 'Tempo',
    images: ['tempo'],
    without: 'queries',
    cost: 'no spans lost behind a collector, which queues them; applications that send to it themselves drop some',
  },
  {
    title: 'Promtail',
    images: ['promtail'],
    without: 'new lines, node by node',
    cost: 'no lines lost, as it reads on where it stopped',
  },
  {
    title: 'OpenTelemetry Collector',
    images: [
      'opentelemetry-collector-contrib',
      'opentelemetry-collector',
      'otelcol-contrib',
      'opentelemetry-collector-k8s',
    ],
    without: 'a receiver: SDKs try again for a while, then drop spans',
    cost: 'counters begin at 0 again, and of traces that wait for a sampling decision the part that is there decides',
  },
  { title: 'Grafana', images: ['grafana'], without: 'dashboards', cost: 'people may have to log in again' },
  {
    title: 'Prometheus',
    images: ['prometheus'],
    without: 'scrapes and alerts',
    cost: 'no samples lost that were scraped',
  },
];

/** The daemon that a workload runs, by the image of one of its containers. */
export function daemonOf(workload: Manifest): Daemon | undefined {
  const pod = podOf(workload);
  const images = pod
    ? containersOf(pod).map((container) => repository(textAt(container, 'image') ?? ''))
    : [];
  return DAEMONS.find((daemon) => images.some((image) => daemon.images.includes(image)));
}

/** The last part of an image's repository. */
function repository(image: string): string {
  const path = image.split('@')[0] ?? '';
  return (path.split('/').at(-1) ?? '').split(':')[0] ?? '';
}

/** The configuration files that this project knows its way about in. */
export type ConfigType = 'loki' | 'tempo' | 'promtail' | 'collector' | 'datasources' | 'dashboard';

/** Whose configuration a document is, by sections that only that has. */
export function configType(data: Json): ConfigType | undefined {
  const has = (...keys: string[]) => at(data, ...keys) !== undefined;
  if (has('schema_config') && (has('limits_config') || has('common') || has('storage_config'))) return 'loki';
  if (has('storage', 'trace')) return 'tempo';
  if (has('scrape_configs') && has('clients')) return 'promtail';
  if (has('receivers') && has('service', 'pipelines')) return 'collector';
  if (listAt(data, 'datasources').length > 0 || listAt(data, 'deleteDatasources').length > 0)
    return 'datasources';
  if (has('panels') && has('title') && (has('schemaVersion') || has('templating') || has('uid')))
    return 'dashboard';
  return undefined;
}

/** Version of a container's image, as its tag says. */
export function imageTag(image: string): string | undefined {
  return /:([\w][\w.-]*)(?:@.*)?$/.exec(image)?.[1];
}

/** Images of a pod by the names of its containers. */
export function imagesOf(pod: JsonMap): ReadonlyMap<string, string> {
  return new Map(
    containersOf(pod).flatMap((container) => {
      const [name, image] = [textAt(container, 'name'), textAt(container, 'image')];
      return name && image ? [[name, image] as const] : [];
    }),
  );
}
