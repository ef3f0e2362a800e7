import { type LogDestination, otlpUrl } from '../destinations/destination';
import { authExtension, clientSettings, exporterId } from '../destinations/exporter';
import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import { firstTime, positionsName } from '../logs/since';
import { memoryLimiter, ownTelemetry } from './collector-parts';
import { fieldStatements } from './fields';
import { POD_METADATA, podOfFile, streamLabels } from './labels';
import { withEscapedDollars } from './ottl';
import { fileLogReceiver } from './receiver';
import type { OtelAgentSettings } from './settings';

/** Ports of the agent's metrics and health check. */
export const PORTS = { metrics: 8888, health: 13133 } as const;

/** Folder on the node for log file positions and the queue, which must survive a reboot. */
export const STATE_DIRECTORY = '/var/lib/otel-agent';

/** Feature gates: store a position once its lines are in the queue, not as soon as they are read. */
export const FEATURE_GATES = ['stanza.synchronousLogEmitter'];

/** Size of a batch of lines, in bytes. */
const BATCH_BYTES = 2 ** 20;

/** Where lines go, and which of them are accepted there. */
export interface LogStores {
  readonly destinations: readonly LogDestination[];
  readonly maxLineSize: Quantity;
  /** Age at which Loki rejects a line. */
  readonly retention: Duration;
}

/**
 * Builds `agent.yaml`: files, entries, labels and fields, and a queue on disk.
 *
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export function otelAgentConfig(
  settings: OtelAgentSettings,
  { destinations, maxLineSize, retention }: LogStores,
  clusterName: string | undefined,
) {
  const memoryMiB = settings.resources.memoryLimit.mebibytes;
  const maxLineBytes = Math.ceil(maxLineSize.value);
  const since = firstTime(settings);
  const processors = {
    // Lines that it refuses are read again, because positions are stored afterwards.
    memory_limiter: memoryLimiter(memoryMiB),
    'transform/pod': podOfFile(),
    k8s_attributes: POD_METADATA,
    'transform/labels': streamLabels(settings, clusterName),
    'filter/excluded': dropped('resource.attributes["exclude"] == "true"'),
    // A new agent reads existing files from the start.
    'filter/too_old': dropped(`log.time < Now() - Duration("${retention}")`),
    ...(since === undefined
      ? {}
      : { 'filter/sent_before': dropped(`log.time_unix_nano < ${Date.parse(since)}000000`) }),
    'filter/blank_line': dropped(String.raw`IsMatch(log.body, "^\\s*$")`),
    'transform/fields': fieldStatements(maxLineBytes),
  };
  const extensions = {
    health_check: { endpoint: `0.0.0.0:${PORTS.health}` },
    'file_storage/positions': storage(positionsName(settings)),
    'file_storage/queue': {
      ...storage('queue'),
      // Returns disk space to the node after a long outage.
      compaction: {
        directory: `${STATE_DIRECTORY}/queue`,
        on_start: true,
        on_rebound: true,
        cleanup_on_start: true,
        rebound_needed_threshold_mib: 100,
        rebound_trigger_threshold_mib: 10,
      },
    },
    ...Object.assign({}, ...destinations.map(authExtension)),
  };
  // Each destination has a queue of its own, so that lines for one wait while others are sent.
  const exporters = Object.fromEntries(destinations.map((one) => [exporterId(one), exporter(one, settings)]));
  return withEscapedDollars({
    receivers: { file_log: fileLogReceiver(settings, maxLineBytes) },
    processors,
    exporters,
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: ownTelemetry(settings.logLevel, PORTS.metrics),
      pipelines: {
        logs: {
          receivers: ['file_log'],
          processors: Object.keys(processors),
          exporters: Object.keys(exporters),
        },
      },
    },
  });
}

function exporter(destination: LogDestination, { queue }: OtelAgentSettings) {
  return {
    endpoint: otlpUrl(destination),
    ...clientSettings(destination),
    compression: 'gzip',
    timeout: '30s',
    // 0 retries indefinitely. Lines that cannot be sent stay in the queue.
    retry_on_failure: {
      enabled: true,
      initial_interval: '500ms',
      max_interval: '5s',
      max_elapsed_time: '0s',
    },
    sending_queue: {
      enabled: true,
      storage: 'file_storage/queue',
      sizer: 'bytes',
      queue_size: queue.size.value,
      block_on_overflow: queue.whenFull === 'wait',
      num_consumers: 2,
      batch: { sizer: 'bytes', min_size: BATCH_BYTES / 2, max_size: BATCH_BYTES, flush_timeout: '1s' },
    },
  };
}

/** A database on the node. If a node crash corrupts it, it is moved aside so that the agent can start. */
function storage(folder: string) {
  return { directory: `${STATE_DIRECTORY}/${folder}`, create_directory: true, recreate: true };
}

/** Lines that are dropped intentionally, counted by processor name. */
function dropped(condition: string) {
  return { error_mode: 'silent', log_conditions: [condition] };
}
