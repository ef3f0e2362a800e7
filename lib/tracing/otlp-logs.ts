import { cache, isSet, quotedList, where, withEscapedDollars } from '../collector/ottl';
import type { LogDestination } from '../destinations/destination';
import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import type { LogsSettings } from '../logs/settings';
import { detectedLevel, NO_LEVEL, ofNumber, ofWord, textFields } from '../otel-agent/fields';
import { POD_METADATA as LOG_METADATA, streamLabels } from '../otel-agent/labels';
import type { Tenant } from '../tenants/tenants';
import type { ConfigPart } from './config-part';
import { logSending } from './otlp-log-sending';
import { CONNECTED_POD_METADATA, LOG_CLAIMS, POD_METADATA } from './pod-metadata';

/** Where the collector sends the logs of OpenTelemetry SDKs, and what is known of them. */
export interface LogRoute {
  readonly destinations: readonly LogDestination[];
  /** Longer bodies are truncated. */
  readonly maxLineSize: Quantity;
  /** Loki rejects records that are older. */
  readonly retention: Duration;
  readonly settings: LogsSettings;
}

const STACK_TRACE = 'log.attributes["exception.stacktrace"]';
const resourceAttribute = (name: string) => `resource.attributes["${name}"]`;

/**
 * The parts of the collector's configuration that send log records to Loki, with the labels and the levels that lines of
 * log files have. Other attributes of a record become structured metadata.
 *
 * @param storage The storage extension of the queue; undefined keeps it in memory.
 */
export function otlpLogs(
  route: LogRoute & { readonly tenants: readonly Tenant[] },
  clusterName: string | undefined,
  storage: string | undefined,
): ConfigPart {
  const { metadata, labels, annotations } = LOG_METADATA.extract;
  const { tenants, destinations } = route;
  const hasTenants = tenants.length > 0;
  const maxLineBytes = Math.ceil(route.maxLineSize.value);
  const processors = {
    ...(hasTenants ? LOG_CLAIMS : {}),
    'k8s_attributes/logs': {
      extract: {
        metadata: [...new Set([...POD_METADATA.k8s_attributes.extract.metadata, ...metadata])],
        labels,
        annotations,
      },
      pod_association: (hasTenants ? CONNECTED_POD_METADATA : POD_METADATA).k8s_attributes.pod_association,
    },
    'transform/log_pod': resourceStatements(
      `set(${resourceAttribute('container')}, ${resourceAttribute('k8s.container.name')})`,
      // A sender outside of the cluster has no pod.
      `set(${resourceAttribute('app')}, ${resourceAttribute('service.name')}) where ${resourceAttribute('k8s.pod.name')} == nil`,
    ),
    'transform/log_labels': streamLabels(route.settings, clusterName),
    'filter/logs': { error_mode: 'silent', log_conditions: dropped(route) },
    'transform/log_fields': recordFields(maxLineBytes),
  };
  const { entrances, ...sending } = logSending({ destinations, tenants, maxLineBytes, storage });
  return {
    ...sending,
    processors: withEscapedDollars(processors),
    pipelines: {
      ...sending.pipelines,
      logs: {
        receivers: ['otlp'],
        processors: ['memory_limiter', ...Object.keys(processors)],
        exporters: entrances,
      },
    },
  };
}

/** Records that are dropped on purpose, as the agent drops such lines. */
function dropped({ settings, retention }: LogRoute): string[] {
  const { excludedNamespaces } = settings;
  return [
    `${resourceAttribute('exclude')} == "true"`,
    ...(excludedNamespaces.length > 0
      ? [`ContainsValue(${quotedList(excludedNamespaces)}, ${resourceAttribute('namespace')})`]
      : []),
    `log.time_unix_nano > 0 and log.time < Now() - Duration("${retention}")`,
  ];
}

/** Level, ids and text of a record. A severity takes precedence over what the text says. */
function recordFields(maxBodyBytes: number) {
  const untraced = `log.trace_id == TraceID(0x${'0'.repeat(32)})`;
  return {
    error_mode: 'silent',
    log_statements: [
      {
        context: 'log',
        statements: [
          where('log.time_unix_nano == 0', 'set(log.time_unix_nano, log.observed_time_unix_nano)'),
          where('log.time_unix_nano == 0', 'set(log.time, Now())'),
          // Loki would store it as a field.
          'set(log.observed_time_unix_nano, 0)',
          where('not IsString(log.body)', 'set(log.body, String(log.body))'),
          // As a field it could exceed the limit at which Loki rejects the whole record.
          where(`${STACK_TRACE} != nil`, `set(log.body, Concat([log.body, ${STACK_TRACE}], "\\n"))`),
          'delete_key(log.attributes, "exception.stacktrace")',
          `set(log.body, Substring(log.body, 0, ${maxBodyBytes})) where Len(log.body) > ${maxBodyBytes}`,
          ...['level', 'detected_level'].map((name) => `delete_key(log.attributes, "${name}")`),
          where('log.severity_number > 0', ofNumber('log.severity_number', 'otlp')),
          where(
            `${NO_LEVEL} and ${isSet('log.severity_text')}`,
            `set(${cache('word')}, ConvertCase(log.severity_text, "lower"))`,
          ),
          ofWord(),
        ],
      },
      ...textFields(),
      {
        context: 'log',
        statements: [
          // Loki adds the ids of the record itself.
          ...['trace_id', 'span_id'].map(
            (id) => `delete_key(log.attributes, "${id}") where not (${untraced})`,
          ),
          ...detectedLevel(NO_LEVEL),
          'delete_matching_keys(log.attributes, "^found[.]")',
          'truncate_all(log.attributes, 1024)',
          'limit(log.attributes, 32, ["level", "detected_level", "trace_id", "span_id"])',
        ],
      },
      {
        context: 'resource',
        statements: ['parser', 'exclude'].map((key) => `delete_key(resource.attributes, "${key}")`),
      },
    ],
  };
}

function resourceStatements(...statements: string[]) {
  return { error_mode: 'silent', log_statements: [{ context: 'resource', statements }] };
}
