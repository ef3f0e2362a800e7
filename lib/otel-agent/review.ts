import { changesOnlyLogins } from '../destinations/exporter';
import { type Json, listAt, mapAt, textAt } from '../kubernetes/json';
import type { ComponentReview, ConfigFinding, ConfigRule, ConfigVersions } from '../review/component-review';
import { key, limit, protection, retries } from '../review/config-rules';
import { casesFound, difference } from '../review/difference';

const queue = (...keys: string[]) => keys.map((one) => `exporters.*.sending_queue.${one}`);
const retry = (...keys: string[]) => keys.map((one) => `exporters.*.retry_on_failure.${one}`);

const SENDING = [
  ...queue('num_consumers', 'batch.**'),
  ...retry('initial_interval', 'max_interval'),
  'exporters.*.timeout',
];
const INTERVALS = ['service.telemetry.logs.**', 'receivers.*.poll_interval', 'processors.*.check_interval'];
const MEMORY = ['limit_mib', 'spike_limit_mib'].map((one) => `processors.*.${one}`);

/** Receivers of log files. Each of them reads the pods of one lane. */
const lanes = (config: Json) =>
  Object.entries(mapAt(config, 'receivers')).filter(([name]) => name.split('/')[0] === 'file_log');

/** Patterns of one list of all lanes, for the pods of every lane. */
const patterns = (config: Json, list: string) =>
  lanes(config).flatMap(([, lane]) =>
    listAt(lane, list).map((one) => String(one).replace(/\*_\*_\[[^\]]+\]\*/, '*')),
  );

/** Which receiver reads which pods: `/var/log/pods/<pods>/<container>/<file>`. */
const lanesOf = (config: Json) =>
  lanes(config).flatMap(([name, lane]) =>
    listAt(lane, 'include').map((files) => `${name}: ${String(files).split('/').at(-3)}`),
  );

/** The effect of keys in `agent.yaml` on log lines. */
const RULES: readonly ConfigRule[] = [
  ...limit('data-loss', 'otel-agent-queue-size', queue('queue_size')),
  ...protection(
    'otel-agent-queue-waits',
    [...queue('block_on_overflow'), 'receivers.*.retry_on_failure.enabled'],
    false,
  ),
  ...protection('otel-agent-retries', retry('enabled'), true),
  ...retries('otel-agent-retry-time', retry('max_elapsed_time'), '5m'),
  key('data-loss', 'otel-agent-state', [
    'extensions.*.directory',
    ...queue('storage'),
    'receivers.*.storage',
  ]),
  key('data-loss', 'otel-agent-start', ['receivers.*.start_at']),
  key('live', 'otel-agent-client', [
    ...['endpoint', 'headers.**', 'auth.**', 'tls.ca_file'].map((one) => `exporters.*.${one}`),
    ...['client_auth.**', 'filename'].map((one) => `extensions.*.${one}`),
  ]),
  key('live', 'otel-agent-client', ['service.extensions.**'], { when: changesOnlyLogins }),
  key('access', 'otel-agent-tenants', ['connectors.*.table.**', 'connectors.*.default_pipelines.**']),
  key('live', 'otel-agent-intervals', ['receivers.*.protocols.**']),
  key('live', 'otel-agent-pipeline', ['receivers.*.operators.**', 'processors.*.log_statements.**']),
  key('capacity', 'otel-agent-sending', SENDING),
  ...limit('capacity', 'otel-agent-memory', MEMORY),
  key('live', 'otel-agent-intervals', INTERVALS),
];

/** Files that are read, and lines that are dropped intentionally. */
function lineFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const lists = (name: string) => difference(patterns(old, name), patterns(next, name));
  const [included, excluded] = [lists('include'), lists('exclude')];
  const fewer = [...included.removed, ...excluded.added];
  const more = [...included.added, ...excluded.removed];
  const drops = [old, next].map((config) =>
    Object.entries(mapAt(config, 'processors')).flatMap(([name, processor]) =>
      listAt(processor, 'log_conditions').map((condition) => `${name}: ${String(condition)}`),
    ),
  ) as [string[], string[]];
  const dropped = difference(...drops);
  const paths = (...keys: string[]) => ({ paths: keys });
  return [
    ...casesFound([
      ['data-loss', 'otel-agent-files-fewer', fewer, (some) => `fewer files are read (${some})`],
      ['capacity', 'otel-agent-files-more', more, (some) => `other files are read too (${some})`],
    ]).map((found) => ({ ...found, ...paths('receivers.*.include', 'receivers.*.exclude') })),
    ...casesFound([
      ['data-loss', 'otel-agent-drops', dropped.added, (some) => `lines are dropped (${some})`],
      [
        'capacity',
        'otel-agent-keeps-more',
        dropped.added.length > 0 ? [] : dropped.removed,
        (some) => `fewer lines are dropped (not ${some})`,
      ],
    ]).map((found) => ({
      ...found,
      ...paths('processors.*.log_conditions', 'processors.*.error_mode', 'service.pipelines.*.processors'),
    })),
  ];
}

/** Files that other receivers read now. Each receiver stores positions of its own. */
function laneFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const { added, removed } = difference(lanesOf(old), lanesOf(next));
  const [before, after] = [old, next].map((config) => lanes(config).map(([name]) => name));
  const changed = difference(before ?? [], after ?? []);
  const whole = [...changed.added, ...changed.removed].map((name) => `receivers.${name}`);
  const paths = [...whole, 'receivers.*.include', 'service.pipelines.*.receivers'];
  return added.length + removed.length === 0
    ? []
    : [{ effect: 'capacity', rule: 'otel-agent-lanes', paths, whole }];
}

/** Destinations, with what each exporter does with its queue when it is renamed or removed. */
function destinationFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const names = (...keys: string[]) =>
    difference(Object.keys(mapAt(old, ...keys)), Object.keys(mapAt(next, ...keys)));
  const exporters = [old, next].map((config) => mapAt(config, 'exporters'));
  // The one for gRPC is the queue of another exporter.
  const [added, removed] = [names('exporters').added, names('exporters').removed].map((some) =>
    some.filter((name) => name.startsWith('otlp_http/')),
  ) as [string[], string[]];
  const urlOf = (name: string) =>
    `${name} (${exporters.flatMap((some) => textAt(some, name, 'endpoint') ?? []).join()})`;
  const paths = [['exporters'], ['receivers'], ['service', 'pipelines']].flatMap((section) => {
    const changed = names(...section);
    return [...changed.added, ...changed.removed].map((name) => [...section, name].join('.'));
  });
  return casesFound([
    [
      'data-loss',
      'otel-agent-destination-gone',
      removed.map(urlOf),
      (some) => `lines are no longer sent to ${some}, nor are those in its queue`,
    ],
    ['capacity', 'otel-agent-destination-new', added.map(urlOf), (some) => `lines are also sent to ${some}`],
  ]).map((found) => ({
    ...found,
    paths: [...paths, 'service.pipelines.*.exporters', 'service.extensions', 'extensions'],
    whole: paths,
  }));
}

/** The effect of changes to the OpenTelemetry Collector as the log agent on log lines. */
export const otelAgentReview: ComponentReview = {
  texts: 'lib/otel-agent/review.md',
  configs: [
    {
      title: 'the log agent',
      matches: (document) => lanes(document).length > 0,
      rules: RULES,
      findings: (versions) => [
        ...lineFindings(versions),
        ...laneFindings(versions),
        ...destinationFindings(versions),
      ],
    },
  ],
};
