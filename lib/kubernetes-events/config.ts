import { quotedList, withEscapedDollars } from '../collector/ottl';
import { batchingQueue, ENDLESS_RETRIES, ownTelemetry } from '../collector/parts';
import type { LogDestination } from '../destinations/destination';
import { authExtension } from '../destinations/exporter';
import { allOf, entranceOf, wayToOther, wayToOwnLoki } from '../destinations/relay';
import { eventStatements } from './fields';
import type { KubernetesEventsSettings } from './settings';

/** Ports of the collector's metrics and health check. */
export const PORTS = { metrics: 8888, health: 13133 } as const;

/** Folder for the position in the API server's history, and the queue. */
export const STATE_DIRECTORY = '/var/lib/otelcol';

/** Bytes of events that wait for Loki: about 100,000. */
const QUEUE_BYTES = 32 * 2 ** 20;

/** Bytes of events that are sent together. */
const BATCH_BYTES = 2 ** 20;

/** The queue of a destination, and its retries. */
const QUEUE = {
  retry_on_failure: ENDLESS_RETRIES,
  sending_queue: batchingQueue({ bytes: QUEUE_BYTES, batchBytes: BATCH_BYTES, storage: 'file_storage' }),
};

/** Port of the receiver that only the collector itself connects to. */
const RELAY_PORT = 4317;

/** What the collector needs to know of its surroundings. */
export interface EventsContext {
  /** Stores that receive the events. */
  readonly destinations: readonly LogDestination[];
  /** Namespaces whose events are dropped. */
  readonly excludedNamespaces: readonly string[];
  /** Name of the cluster. Undefined if it has none. */
  readonly clusterName: string | undefined;
}

/**
 * Builds `events.yaml`: watch events, turn them into log entries, and send them to each destination.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/receiver/k8sobjectsreceiver
 */
export function eventsConfig({ logLevel }: KubernetesEventsSettings, context: EventsContext) {
  const { destinations, excludedNamespaces, clusterName } = context;
  // No memory limiter: the receiver does not repeat an event that a processor refuses.
  const processors = {
    ...(excludedNamespaces.length === 0
      ? {}
      : {
          'filter/excluded': {
            error_mode: 'silent',
            log_conditions: [
              `ContainsValue(${quotedList(excludedNamespaces)}, resource.attributes["k8s.namespace.name"])`,
            ],
          },
        }),
    'transform/events': eventStatements(clusterName),
  };
  const extensions = {
    health_check: { endpoint: `0.0.0.0:${PORTS.health}` },
    file_storage: { directory: STATE_DIRECTORY, create_directory: true, recreate: true },
    ...Object.assign({}, ...destinations.map(authExtension)),
  };
  // Each destination has a queue of its own, so that events for one wait while others are sent.
  const ways = destinations.map((one) =>
    one.isOwn
      ? wayToOwnLoki(one, { queue: QUEUE, port: RELAY_PORT, maxRequestBytes: 2 * BATCH_BYTES })
      : wayToOther(one, QUEUE, `otlp_http/${one.name}`),
  );
  return withEscapedDollars({
    receivers: {
      k8s_objects: {
        auth_type: 'serviceAccount',
        // A restarted container continues where it stopped.
        storage: 'file_storage',
        // At its start, it collects what the API server still has: the events of the last hour.
        include_initial_state: true,
        // Kubernetes deletes each event after an hour.
        objects: [{ name: 'events', mode: 'watch', exclude_watch_type: ['DELETED'] }],
      },
      ...allOf(ways, 'receivers'),
    },
    processors,
    exporters: allOf(ways, 'exporters'),
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: ownTelemetry(logLevel, PORTS.metrics),
      pipelines: {
        logs: {
          receivers: ['k8s_objects'],
          processors: Object.keys(processors),
          exporters: ways.map(entranceOf),
        },
        ...allOf(ways, 'pipelines'),
      },
    },
  });
}
