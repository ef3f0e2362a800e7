import { at, type Json, type JsonMap, listAt, mapAt, textAt } from '../manifests/json';
import type { Manifest } from '../manifests/manifest';
import { containersOf, podOf } from './pods';

/** What people call a daemon, and what they miss while it restarts. */
export interface Daemon {
  readonly title: string;
  /** Repository of its image, without registry and organisation. */
  readonly images: readonly string[];
  /** What nobody gets while it is away, and what that costs. */
  readonly meanwhile: string;
}

const DAEMONS: readonly Daemon[] = [
  {
    title: 'Loki',
    images: ['loki', 'loki-distroless'],
    meanwhile: 'without queries; no lines are lost, as agents send again what it did not take',
  },
  {
    title: 'Tempo',
    images: ['tempo'],
    meanwhile:
      'without queries; a collector in front of it queues spans, applications that send straight to it drop them',
  },
  {
    title: 'Promtail',
    images: ['promtail'],
    meanwhile:
      'on each node in turn without collecting; it reads on where it stopped, so that no lines are lost',
  },
  {
    title: 'OpenTelemetry Collector',
    images: [
      'opentelemetry-collector-contrib',
      'opentelemetry-collector',
      'otelcol-contrib',
      'opentelemetry-collector-k8s',
    ],
    meanwhile:
      'without a receiver; SDKs try again for a minute or so and then drop spans, and traces that wait for a decision are lost',
  },
  { title: 'Grafana', images: ['grafana'], meanwhile: 'without dashboards' },
  {
    title: 'Prometheus',
    images: ['prometheus'],
    meanwhile: 'without scrapes and alerts',
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

/** The probe of a pod's main container, as a map. */
export function probeOf(pod: JsonMap, probe: string): JsonMap {
  const main = listAt(pod, 'spec', 'containers')[0];
  return mapAt(main, probe);
}
