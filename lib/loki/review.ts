import { Duration } from '../kubernetes/duration';
import { at, listAt, textAt } from '../kubernetes/json';
import type { ComponentReview, ConfigFinding, ConfigRule, ConfigVersions } from '../review/component-review';
import { key, limit, protection } from '../review/config-rules';
import { retentionFindings } from '../review/retention';
import { becomes } from '../review/rule';
import { listed } from '../review/words';
import { ringFindings } from './review-ring';
import { schemaFindings } from './review-schema';
import { storageFindings } from './review-storage';

const below = (section: string, ...keys: string[]) => keys.map((one) => `${section}.${one}`);
const limits = (...keys: string[]) => below('limits_config', ...keys);

const LABELS = limits('max_label_names_per_series', 'max_label_name_length', 'max_label_value_length');
const METADATA = limits('max_structured_metadata_size', 'max_structured_metadata_entries_count');
const RATES = [
  ...limits('ingestion_rate_mb', 'ingestion_burst_size_mb', 'ingestion_rate_strategy'),
  ...limits('per_stream_rate_limit', 'per_stream_rate_limit_burst'),
];
const QUERIES = [
  ...limits(
    'query_timeout',
    'max_query_series',
    'max_query_length',
    'max_query_lookback',
    'max_query_parallelism',
  ),
  ...limits(
    'max_entries_limit_per_query',
    'tsdb_max_query_parallelism',
    'tsdb_max_bytes_per_shard',
    'split_queries_by_interval',
  ),
  ...limits('shard_aggregations.**', 'volume_enabled'),
  ...['querier.**', 'query_range.**', 'chunk_store_config.**', 'frontend.**'],
  ...below('server', 'http_server_read_timeout', 'http_server_write_timeout'),
  ...below('server', 'grpc_server_max_recv_msg_size', 'grpc_server_max_send_msg_size'),
];
const CHUNKS = [
  ...below('ingester', 'chunk_encoding', 'chunk_idle_period', 'chunk_target_size', 'max_chunk_age'),
  ...below('ingester.wal', 'flush_on_shutdown', 'replay_memory_ceiling'),
];
const COMPACTOR = [
  ...below('compactor', 'working_directory', 'compaction_interval', 'delete_request_store'),
  ...below('compactor', 'retention_delete_delay', 'retention_delete_worker_count'),
  'compactor.deletion_marker_object_store_prefix',
];

/** How changes to keys of `loki.yaml` affect logs. */
const RULES: readonly ConfigRule[] = [
  key('data-loss', 'loki-tenant', ['auth_enabled']),
  ...protection('loki-wal', ['ingester.wal.enabled'], true),
  ...protection('loki-truncation', limits('max_line_size_truncate'), false),
  ...protection('loki-structured-metadata', limits('allow_structured_metadata'), true),
  key('access', 'loki-delete-api', limits('deletion_mode'), { when: ({ new: next }) => next !== 'disabled' }),
  key('access', 'loki-rules-api', ['ruler.enable_api'], { when: becomes(true) }),
  key('data-loss', 'loki-old-samples', limits('reject_old_samples'), { when: becomes(true) }),
  key('live', 'loki-tenant-file', ['runtime_config.**']),
  key('live', 'loki-log-alerts', ['ruler.alertmanager_url']),
  key('live', 'loki-stricter-api', [...limits('reject_old_samples', 'deletion_mode'), 'ruler.enable_api']),
  ...limit('data-loss', 'loki-sample-age', limits('reject_old_samples_max_age')),
  ...limit('data-loss', 'loki-clock-skew', limits('creation_grace_period')),
  ...limit('data-loss', 'loki-line-size', limits('max_line_size')),
  ...limit('data-loss', 'loki-streams', limits('max_global_streams_per_user', 'max_streams_per_user')),
  ...limit('data-loss', 'loki-labels', [...LABELS, ...METADATA]),
  ...limit('data-loss', 'loki-rate', RATES),
  ...limit('capacity', 'loki-disk', ['ingester.wal.disk_full_threshold']),
  key('capacity', 'loki-queries', QUERIES),
  key('capacity', 'loki-chunks', CHUNKS),
  key('capacity', 'loki-compactor', COMPACTOR),
  key('live', 'loki-levels', limits('discover_log_levels')),
  key('live', 'loki-otlp-fields', limits('otlp_config.**')),
  key('live', 'loki-start', ['pattern_ingester.**']),
  key('live', 'loki-log', ['server.log_level', 'server.log_format', 'analytics.**']),
];

/** Retention in seconds; infinite without a compactor that deletes. */
function retentionOf(config: unknown): number {
  const period = Duration.parse(textAt(config, 'limits_config', 'retention_period') ?? '')?.seconds ?? 0;
  return at(config, 'compactor', 'retention_enabled') === true && period > 0
    ? period
    : Number.POSITIVE_INFINITY;
}

/** Findings about streams with their own retention. */
function streamFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const periods = (config: unknown) =>
    new Map(
      listAt(config, 'limits_config', 'retention_stream').map((one) => [
        textAt(one, 'selector') ?? '',
        Duration.parse(textAt(one, 'period') ?? '')?.seconds ?? Number.POSITIVE_INFINITY,
      ]),
    );
  const [before, after] = [periods(old), periods(next)];
  const selectors = [...new Set([...before.keys(), ...after.keys()])];
  const shorter = selectors.filter(
    (one) => (after.get(one) ?? retentionOf(next)) < (before.get(one) ?? retentionOf(old)),
  );
  const paths = ['limits_config.retention_stream'];
  if (shorter.length > 0) {
    const says = `logs of ${listed(shorter)} have a shorter retention; older ones are deleted`;
    return [{ effect: 'data-loss', rule: 'loki-stream-retention-shorter', says, paths }];
  }
  return selectors.length > 0 ? [{ effect: 'capacity', rule: 'loki-stream-retention', paths }] : [];
}

/** How changes to Loki affect logs. */
export const lokiReview: ComponentReview = {
  texts: 'lib/loki/review.md',
  daemon: {
    title: 'Loki',
    images: ['loki', 'loki-distroless'],
    without: 'queries',
    cost: 'no lines lost, because agents resend what Loki did not acknowledge',
    downgrade:
      'An older Loki does not start with unknown config keys and cannot read a newer index or newer chunks.',
  },
  configs: [
    {
      title: 'Log alerts',
      matches: (document) => listAt(document, 'groups').some((group) => listAt(group, 'rules').length > 0),
      anyFile: { effect: 'live', rule: 'loki-log-alert-file' },
      rules: [key('live', 'loki-log-alert-rules', ['groups.**'])],
    },
    {
      title: 'Loki',
      matches: (document) =>
        at(document, 'schema_config') !== undefined &&
        ['limits_config', 'common', 'storage_config'].some((section) => at(document, section) !== undefined),
      rules: RULES,
      findings: (versions) => [
        ...retentionFindings(
          {
            shorter: 'loki-retention-shorter',
            longer: 'loki-retention-longer',
            what: 'logs',
            old: retentionOf(versions.old),
            new: retentionOf(versions.new),
            paths: ['limits_config.retention_period', 'compactor.retention_enabled'],
          },
          versions,
        ),
        ...streamFindings(versions),
        ...schemaFindings(versions),
        ...storageFindings(versions),
        ...ringFindings(versions, retentionOf(versions.old)),
      ],
    },
  ],
};
