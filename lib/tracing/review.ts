import { relayFindings } from '../collector/relays';
import { changesOnlyLogins } from '../destinations/exporter';
import { at, listAt, mapAt } from '../kubernetes/json';
import type { ComponentReview, ConfigRule } from '../review/component-review';
import { key, limit, protection, retries } from '../review/config-rules';
import { lower } from '../review/rule';
import { CLUSTER_PROCESSOR } from './pod-metadata';
import { flowFindings } from './review-flows';
import { samplingFindings } from './review-sampling';
import { sharedLimits } from './review-shared';
import { tierFindings } from './review-tiers';

const queue = (...keys: string[]) => keys.map((one) => `exporters.*.sending_queue.${one}`);
const retry = (...keys: string[]) => keys.map((one) => `exporters.*.retry_on_failure.${one}`);
const processors = (...keys: string[]) => keys.map((one) => `processors.*.${one}`);
const connectors = (...keys: string[]) => keys.map((one) => `connectors.*.${one}`);

const EXEMPLARS = [...connectors('exemplars.**'), 'exporters.*.enable_open_metrics'];
const METRIC_NAMES = [
  ...connectors('namespace', 'histogram.unit'),
  ...['exporters.*.namespace', 'exporters.*.translation_strategy'],
];
const SERIES = connectors(
  'dimensions.**',
  'exclude_dimensions.**',
  'histogram.explicit.**',
  'resource_metrics_key_attributes.**',
);
const METRIC_TIMES = [
  ...connectors('metrics_flush_interval', 'metrics_expiration', 'store.ttl'),
  ...['exporters.*.metric_expiration', ...EXEMPLARS],
];
const MEMORY_CHECKS = processors('check_interval', 'spike_limit_mib', 'spike_limit_percentage');
const BATCHES = processors('send_batch_size', 'send_batch_max_size', 'timeout');
const RETRY_PAUSES = [...retry('initial_interval', 'max_interval', 'multiplier'), 'exporters.*.timeout'];

/** Processors of logs and metrics of SDKs. */
const OTHER_SIGNALS = [
  ...[
    'k8s_attributes/logs',
    'transform/log_pod',
    'transform/log_labels',
    'filter/logs',
    'transform/log_fields',
  ],
  ...['k8s_attributes/metrics', 'transform/metrics', 'filter/delta'],
].map((name) => `processors.${name}.**`);
const DISTRIBUTION = ['routing_key', 'resolver.**', 'protocol.**'].map(
  (one) => `exporters.load_balancing.${one}`,
);

/** How changes to keys of `collector.yaml` affect spans. Data flows are derived from the pipelines. */
const RULES: readonly ConfigRule[] = [
  sharedLimits([...processors('num_traces'), ...connectors('store.max_items')], queue('queue_size')),
  ...protection('collector-retries', retry('enabled'), true),
  ...retries('collector-retry-time', retry('max_elapsed_time'), '5m'),
  key('capacity', 'collector-retry-pauses', RETRY_PAUSES),
  ...protection('collector-queue', queue('enabled'), true),
  ...protection('collector-queue-waits', queue('block_on_overflow'), false),
  key('data-loss', 'collector-queue-storage', queue('storage'), { when: ({ old }) => old !== undefined }),
  key('live', 'collector-queue-stored', queue('storage')),
  key('data-loss', 'collector-queue-moved', ['extensions.*.directory'], {
    when: ({ old }) => old !== undefined,
  }),
  ...limit('data-loss', 'collector-queue-size', queue('queue_size')),
  key('capacity', 'collector-queue-sending', queue('num_consumers', 'batch.**')),
  key('data-loss', 'collector-distribution', DISTRIBUTION),
  key('live', 'collector-connections', ['receivers.*.protocols.*.keepalive.**']),
  key('access', 'collector-cors', ['receivers.*.protocols.*.cors.**'], {
    when: ({ new: next }) => next !== undefined,
  }),
  key('live', 'collector-cors-closed', ['receivers.*.protocols.*.cors.**']),
  ...limit('data-loss', 'collector-message-size', ['receivers.**']),
  ...limit('capacity', 'collector-memory', processors('limit_mib', 'limit_percentage')),
  key('capacity', 'collector-memory-checks', MEMORY_CHECKS),
  ...limit('data-loss', 'collector-decision-wait', processors('decision_wait')),
  ...limit('data-loss', 'collector-traces-in-memory', processors('num_traces')),
  key(
    'capacity',
    'collector-sampling-memory',
    processors('expected_new_traces_per_sec', 'decision_cache.**'),
  ),
  key('capacity', 'collector-batches', BATCHES),
  key('deletes', 'collector-exemplars', EXEMPLARS, {
    when: ({ old, new: next }) => old === true && next !== true,
  }),
  key('deletes', 'collector-metric-names', METRIC_NAMES),
  key('capacity', 'collector-series', SERIES),
  ...limit(
    'data-loss',
    'collector-series-limit',
    connectors('aggregation_cardinality_limit', 'store.max_items'),
  ),
  key('live', 'collector-metric-times', METRIC_TIMES),
  key('access', 'collector-tenants', [
    ...connectors('table.**', 'default_pipelines.**'),
    ...processors('pod_association.**'),
    ...['claims', 'log_claims', 'jaeger', 'no-pod'].map((name) => `processors.transform/${name}.**`),
  ]),
  key('live', 'collector-cluster-name', [`processors.${CLUSTER_PROCESSOR}.**`]),
  key('live', 'collector-other-signals', OTHER_SIGNALS),
  key('live', 'collector-destination', [
    ...['headers.**', 'auth.**', 'tls.ca_file'].map((one) => `exporters.*.${one}`),
    ...['client_auth.**', 'filename'].map((one) => `extensions.*.${one}`),
  ]),
  key('live', 'collector-destination', ['service.extensions.**'], { when: changesOnlyLogins }),
  key('live', 'collector-log', ['service.telemetry.logs.**']),
];

/** How changes to the trace collector affect spans. */
export const tracingReview: ComponentReview = {
  texts: 'lib/tracing/review.md',
  daemon: {
    title: 'OpenTelemetry Collector',
    images: [
      ...['opentelemetry-collector-contrib', 'opentelemetry-collector'],
      ...['otelcol-contrib', 'opentelemetry-collector-k8s'],
    ],
    without: 'a receiver: SDKs retry for a while, then drop spans',
    cost: 'counters restart at 0, and undecided traces are sampled by their remaining spans',
    downgrade: 'An older collector does not start with unknown components or config keys.',
  },
  configs: [
    {
      title: 'the collector',
      matches: (document) =>
        at(document, 'receivers') !== undefined &&
        !Object.keys(mapAt(document, 'receivers')).some((name) => name.startsWith('file_log')) &&
        at(document, 'service', 'pipelines') !== undefined,
      rules: RULES,
      findings: (versions) => [
        ...relayFindings(versions),
        ...(tierFindings(versions) ?? [...flowFindings(versions), ...samplingFindings(versions)]),
      ],
    },
    {
      title: 'the sampling strategies',
      matches: (document) =>
        at(document, 'default_strategy') !== undefined || listAt(document, 'service_strategies').length > 0,
      rules: [
        key('data-loss', 'client-sampling-lower', ['**'], {
          when: (leaf) => leaf.keys.at(-1) === 'param' && lower(leaf),
        }),
        key('capacity', 'client-sampling', ['**']),
      ],
    },
  ],
};
