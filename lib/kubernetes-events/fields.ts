import { quoted, quotedList, where } from '../collector/ottl';

/** Value of the label `app`, which distinguishes events from log lines. */
export const EVENTS_APP = 'kubernetes-events';

/** Fields of an event, which Loki stores as structured metadata. */
export const EVENT_FIELDS = [
  'level',
  'reason',
  'object_kind',
  'object_name',
  'component',
  'node',
  'count',
] as const;

/** Levels of the types that Kubernetes gives to events. */
const LEVELS = { Normal: 'info', Warning: 'warn' } as const;

const event = (...path: readonly string[]) =>
  `log.cache["event"]${path.map((key) => `[${quoted(key)}]`).join('')}`;
const field = (name: (typeof EVENT_FIELDS)[number]) => `log.attributes[${quoted(name)}]`;
const label = (name: string) => `resource.attributes[${quoted(name)}]`;
/** Condition: the event has a text at a path. Optional fields of Kubernetes are null or empty. */
const has = (...path: readonly string[]) => `IsString(${event(...path)}) and ${event(...path)} != ""`;

/**
 * The time of an event. Kubernetes counts a repeated event in the object of the first one, so the last time is that of
 * the change which has arrived. Recorders fill in different fields: later ones here take precedence.
 */
const TIMES: ReadonlyArray<readonly [path: readonly string[], format: string]> = [
  [['metadata', 'creationTimestamp'], '%Y-%m-%dT%H:%M:%SZ'],
  [['firstTimestamp'], '%Y-%m-%dT%H:%M:%SZ'],
  [['eventTime'], '%Y-%m-%dT%H:%M:%S.%fZ'],
  [['lastTimestamp'], '%Y-%m-%dT%H:%M:%SZ'],
  [['series', 'lastObservedTime'], '%Y-%m-%dT%H:%M:%S.%fZ'],
];

/**
 * Turns an event object into a log entry. Text and time follow from the object alone, so that Loki stores an event once
 * even if it is sent again.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/pkg/ottl
 */
export function eventStatements(clusterName: string | undefined) {
  return {
    error_mode: 'silent',
    log_statements: [
      {
        context: 'log',
        statements: [
          'set(log.cache["event"], log.body["object"])',
          // Loki would store these as fields.
          'set(log.observed_time_unix_nano, 0)',
          'set(scope.name, "")',
          'set(scope.version, "")',
          ...TIMES.map(([path, format]) =>
            where(has(...path), `set(log.time, Time(${event(...path)}, ${quoted(format)}, "UTC"))`),
          ),
          ...Object.entries(LEVELS).map(([type, level]) =>
            where(`${event('type')} == ${quoted(type)}`, `set(${field('level')}, ${quoted(level)})`),
          ),
          where(has('reason'), `set(${field('reason')}, ${event('reason')})`),
          `set(${field('object_kind')}, ${event('involvedObject', 'kind')})`,
          `set(${field('object_name')}, ${event('involvedObject', 'name')})`,
          where(has('source', 'component'), `set(${field('component')}, ${event('source', 'component')})`),
          where(has('reportingComponent'), `set(${field('component')}, ${event('reportingComponent')})`),
          where(has('source', 'host'), `set(${field('node')}, ${event('source', 'host')})`),
          where(
            `${event('involvedObject', 'kind')} == "Node"`,
            `set(${field('node')}, ${event('involvedObject', 'name')})`,
          ),
          ...[event('count'), event('series', 'count')].map((count) =>
            where(`${count} != nil`, `set(${field('count')}, String(${count}))`),
          ),
          `set(log.body, Concat([${event('reason')}, " ", ${event('involvedObject', 'kind')}, "/", ${event('involvedObject', 'name')}, ": ", ${event('message')}], ""))`,
          `keep_keys(log.attributes, ${quotedList(EVENT_FIELDS)})`,
        ],
      },
      {
        context: 'resource',
        statements: [
          `set(${label('app')}, ${quoted(EVENTS_APP)})`,
          `set(${label('namespace')}, ${label('k8s.namespace.name')})`,
          ...(clusterName === undefined ? [] : [`set(${label('cluster')}, ${quoted(clusterName)})`]),
          `keep_keys(resource.attributes, ${quotedList(['app', 'namespace', ...(clusterName === undefined ? [] : ['cluster'])])})`,
        ],
      },
    ],
  };
}
