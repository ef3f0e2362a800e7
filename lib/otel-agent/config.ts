import { withEscapedDollars } from '../collector/ottl';
import { memoryLimiter, ownTelemetry } from '../collector/parts';
import type { LogDestination } from '../destinations/destination';
import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import { firstTime, positionsName } from '../logs/since';
import type { Tenant } from '../tenants/tenants';
import { fieldStatements } from './fields';
import { POD_METADATA, podOfFile, streamLabels } from './labels';
import { fileLogReceivers } from './receiver';
import { sendingParts, stateFolder } from './sending';
import type { OtelAgentSettings } from './settings';

/** Ports of the agent's metrics and health check. */
export const PORTS = { metrics: 8888, health: 13133 } as const;

/** Folder on the node for log file positions and the queue, which must survive a reboot. */
export const STATE_DIRECTORY = '/var/lib/otel-agent';

/** Feature gates: store a position once its lines are in the queue, not as soon as they are read. */
export const FEATURE_GATES = ['stanza.synchronousLogEmitter'];

/** Where lines go, and which of them are accepted there. */
export interface LogStores {
  readonly destinations: readonly LogDestination[];
  readonly tenants: readonly Tenant[];
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
  { destinations, tenants, maxLineSize, retention }: LogStores,
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
  const lanes = fileLogReceivers(settings, maxLineBytes);
  const directory = `${STATE_DIRECTORY}/queue`;
  const sending = sendingParts(destinations, tenants, settings, { maxLineBytes, directory });
  const extensions = {
    health_check: { endpoint: `0.0.0.0:${PORTS.health}` },
    'file_storage/positions': stateFolder(`${STATE_DIRECTORY}/${positionsName(settings)}`),
    ...sending.extensions,
  };
  return withEscapedDollars({
    receivers: { ...lanes, ...sending.receivers },
    processors,
    ...(sending.connectors ? { connectors: sending.connectors } : {}),
    exporters: sending.exporters,
    extensions,
    service: {
      extensions: Object.keys(extensions),
      telemetry: ownTelemetry(settings.logLevel, PORTS.metrics),
      pipelines: {
        logs: {
          receivers: Object.keys(lanes),
          processors: Object.keys(processors),
          exporters: sending.entrances,
        },
        ...sending.pipelines,
      },
    },
  });
}

/** Lines that are dropped intentionally, counted by processor name. */
function dropped(condition: string) {
  return { error_mode: 'silent', log_conditions: [condition] };
}
