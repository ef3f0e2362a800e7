import { Duration } from '../kubernetes/duration';
import { at, mapAt, textAt } from '../kubernetes/json';
import type { ComponentReview, ConfigFinding, ConfigRule, ConfigVersions } from '../review/component-review';
import { changedSections, key, limit } from '../review/config-rules';
import { casesFound, difference } from '../review/difference';
import { retentionFindings } from '../review/retention';
import { listed } from '../review/words';

/** Tempo's retention if nothing is configured. */
const DEFAULT_RETENTION = '336h';

const below = (section: string, ...keys: string[]) => keys.map((one) => `${section}.${one}`);
const overrides = (...keys: string[]) => below('overrides.defaults', ...keys);

const LIVE_TRACES = [...overrides('ingestion.max_traces_per_user'), 'live_store.max_live_traces_bytes'];
const RATES = below('overrides.defaults.ingestion', 'rate_limit_bytes', 'burst_size_bytes', 'rate_strategy');
const QUERIES = [
  ...below('server', 'http_server_read_timeout', 'http_server_write_timeout'),
  ...['query_frontend.**', 'storage.trace.blocklist_poll'],
  ...below('server', 'grpc_server_max_recv_msg_size', 'grpc_server_max_send_msg_size'),
];
const COMPACTION = [
  ...['backend_scheduler.provider.**', 'backend_worker.finish_on_shutdown_timeout'],
  ...below('backend_worker.compaction', 'compacted_block_retention', 'max_block_bytes'),
];

/** How changes to keys of `tempo.yaml` affect traces. */
const RULES: readonly ConfigRule[] = [
  key('live', 'tempo-tenant-file', [
    'overrides.per_tenant_override_config',
    'overrides.per_tenant_override_period',
  ]),
  key('data-loss', 'tempo-tenant', ['multitenancy_enabled']),
  key('data-loss', 'tempo-block-version', ['storage.trace.block.version']),
  ...limit('data-loss', 'tempo-attribute-size', ['distributor.max_attribute_bytes']),
  ...limit('data-loss', 'tempo-trace-size', overrides('global.max_bytes_per_trace')),
  ...limit('data-loss', 'tempo-live-traces', LIVE_TRACES),
  ...limit('data-loss', 'tempo-message-size', ['distributor.receivers.**']),
  ...limit('data-loss', 'tempo-late-traces', ['live_store.wal.ingestion_time_range_slack']),
  ...limit('capacity', 'tempo-rate', RATES),
  key('capacity', 'tempo-queries', QUERIES),
  key('capacity', 'tempo-compaction', COMPACTION),
  key('live', 'tempo-log', ['server.log_level', 'server.log_format', 'usage_report.**']),
];

/** Where Tempo stores blocks, and spans that are not in a block yet. */
const PLACES = [
  ...below('storage.trace', 'backend', 'local', 'wal.path'),
  ...below('storage.trace.s3', 'bucket', 'prefix'),
  ...below('storage.trace.gcs', 'bucket_name', 'prefix'),
  ...below('storage.trace.azure', 'storage_account_name', 'container_name', 'prefix'),
  ...['live_store.wal.path', 'backend_scheduler.local_work_path'],
];

/** How Tempo reaches a bucket, and what it asks of it. */
const CLIENTS = below('storage.trace', 's3', 'gcs', 'azure');

function storageFindings(versions: ConfigVersions): ConfigFinding[] {
  const moved = changedSections(versions, PLACES);
  const says = `Tempo reads traces from another location (${listed(moved)}) and does not find the existing ones`;
  if (moved.length > 0)
    return [{ effect: 'data-loss', rule: 'tempo-storage-moved', says, paths: [...PLACES, ...CLIENTS] }];
  const [from, to] = [versions.old, versions.new].map((one) =>
    textAt(one, 'storage', 'trace', 's3', 'endpoint'),
  );
  if (from !== to) {
    const elsewhere = `Tempo looks for its bucket at ${to} instead of ${from}; if that is another server, existing traces are not found`;
    return [{ effect: 'unknown', rule: 'tempo-storage-endpoint', says: elsewhere, paths: CLIENTS }];
  }
  return changedSections(versions, CLIENTS).length > 0
    ? [{ effect: 'live', rule: 'tempo-storage-client', paths: CLIENTS }]
    : [];
}

const RETENTION = [
  'backend_worker.compaction.block_retention',
  'compactor.compaction.block_retention',
  ...overrides('compaction'),
];

/** Retention in seconds: an override, the worker's key of Tempo 3, or the compactor's key of Tempo 2. */
function retentionOf(config: unknown): number {
  const override = at(config, 'overrides', 'defaults', 'compaction');
  if (at(override, 'compaction_disabled') === true) return Number.POSITIVE_INFINITY;
  const written = [
    textAt(override, 'block_retention'),
    textAt(config, 'backend_worker', 'compaction', 'block_retention'),
    textAt(config, 'compactor', 'compaction', 'block_retention'),
    DEFAULT_RETENTION,
  ].map((text) => Duration.parse(text ?? '')?.seconds ?? 0);
  return written.find((seconds) => seconds > 0) ?? Number.POSITIVE_INFINITY;
}

function keptFindings(versions: ConfigVersions): ConfigFinding[] {
  const [old, next] = [retentionOf(versions.old), retentionOf(versions.new)];
  const found = retentionFindings(
    {
      shorter: 'tempo-retention-shorter',
      longer: 'tempo-retention-longer',
      what: 'traces',
      old,
      new: next,
      paths: RETENTION,
    },
    versions,
  );
  // Only one of several retention keys takes effect, so the others may change without a consequence.
  const isSame = found.length === 0 && changedSections(versions, RETENTION).length > 0;
  return isSame ? [{ effect: 'live', rule: 'tempo-retention-same', paths: RETENTION }] : found;
}

/** Tempo's own receivers. */
function receiversOf(config: unknown): string[] {
  return Object.entries(mapAt(config, 'distributor', 'receivers')).flatMap(([name, receiver]) => {
    const protocols = Object.entries(mapAt(receiver, 'protocols'));
    const address = (value: unknown) => ` (${textAt(value, 'endpoint') ?? 'its default port'})`;
    return protocols.length === 0
      ? [`${name}${address(receiver)}`]
      : protocols.map(([protocol, one]) => `${name}/${protocol}${address(one)}`);
  });
}

function receiverFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const { added, removed } = difference(receiversOf(old), receiversOf(next));
  const refused = (some: string) => `Tempo rejects senders that use ${some}, and they drop their spans`;
  return casesFound([
    ['data-loss', 'tempo-receiver-gone', removed, refused],
    ['access', 'tempo-receiver-new', added, (some) => `Tempo accepts spans by ${some}`],
  ]).map((found) => ({ ...found, paths: ['distributor.receivers'] }));
}

/** How changes to Tempo affect traces. */
export const tempoReview: ComponentReview = {
  texts: 'lib/tempo/review.md',
  daemon: {
    title: 'Tempo',
    images: ['tempo'],
    without: 'queries',
    cost: 'no spans lost behind a collector, which queues them; applications that send directly to Tempo drop some',
    downgrade: 'An older Tempo does not start with unknown config keys and cannot read a newer block format.',
  },
  configs: [
    {
      title: 'Tempo',
      matches: (document) => at(document, 'storage', 'trace') !== undefined,
      rules: RULES,
      findings: (versions) => [
        ...keptFindings(versions),
        ...storageFindings(versions),
        ...receiverFindings(versions),
      ],
    },
  ],
};
