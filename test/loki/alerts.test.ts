import { describeAlerts, fires, quiet, scraped } from '../support/alerts';
import { caseAdditions } from '../support/render';

const loki = scraped('loki');
const volume = (name: string) =>
  `kubelet_volume_stats_${name}{job="kubelet",namespace="monitoring",node="node-1",persistentvolumeclaim="loki"}`;
const GIB = 2 ** 30;
const DAYS = { every: '1h', at: '6d' };

const up = { [loki('up')]: '1x60' };
const up2h = { [loki('up')]: '1x120' };
const LATER = { every: '1m', at: '100m' };
const discarded = (reason: string) => loki('loki_discarded_samples_total', { reason, tenant: 'fake' });
const requests = (route: string, status_code: string) =>
  loki('loki_request_duration_seconds_count', { route, status_code });
const bucket = (route: string, le: string) => loki('loki_request_duration_seconds_bucket', { route, le });
const [push, query] = ['loki_api_v1_push', 'loki_api_v1_query_range'];
const streams = loki('loki_ingester_memory_streams', { tenant: 'fake' });
const ruleFailures = loki('loki_prometheus_rule_evaluation_failures_total', { rule_group: 'errors' });
const notSent = loki('loki_prometheus_notifications_errors_total', {
  alertmanager: 'http://alertmanager:9093',
});
const bytesReceived = loki('loki_distributor_bytes_received_total', { tenant: 'fake' });
const linesReceived = loki('loki_distributor_lines_received_total', { tenant: 'fake' });
const compacted = loki('loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds');
const retained = loki('loki_compactor_apply_retention_last_successful_run_timestamp_seconds');
const usage = loki('loki_ingester_wal_disk_usage_percent');
const diskFull = loki('loki_ingester_wal_disk_full_failures_total');
const flushFailures = loki('loki_ingester_chunks_flush_failures_total');
const checkpointFailures = loki('loki_ingester_checkpoint_creations_failed_total');

const BUCKET = {
  type: 's3',
  bucket: 'example-loki',
  region: 'eu-central-1',
  identity: { type: 'pod-identity' },
};
const bucketFailures = loki('loki_objstore_bucket_operation_failures_total', { operation: 'upload' });

/** A metric of three replicas. */
const ofPod = (name: string, values: readonly string[], labels: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    values.map((value, index) => [scraped('loki', { pod: `loki-${index}` })(name, labels), value]),
  );
const ringMembers = (values: readonly string[]) =>
  ofPod('loki_ring_members', values, { name: 'ingester', state: 'ACTIVE' });

/** A volume of 30 GiB that loses bytes every hour, for 9 days. */
const filling = (startGib: number, gibPerDay: number) => ({
  [volume('capacity_bytes')]: `${30 * GIB}x216`,
  [volume('available_bytes')]: `${startGib * GIB}-${Math.round((gibPerDay * GIB) / 24)}x216`,
});

/** A run every quarter of an hour, which succeeds. */
const RUNS = { every: '15m', at: '10h' };
const DAY_ONE = { every: '15m', at: '3h' };
const up10h = { [loki('up')]: '1x60' };

/** Situations of an alert on a run that happens every 10 minutes, by the time of its last success. */
const notRun = (succeeded: string) => [
  fires('the last success was 8 hours ago', { ...up10h, [succeeded]: '_ 900+900x8 8100x60' }, RUNS),
  fires('it has never run', { ...up10h, [succeeded]: '0x60' }, RUNS),
  fires(
    'restarts come before the first run',
    { [loki('up')]: `${'1 1 1 0 '.repeat(12)}`, [succeeded]: '0x60' },
    RUNS,
  ),
  quiet('it runs', { ...up10h, [succeeded]: '_ 900+900x60' }, RUNS),
  quiet('it starts', { ...up10h, [succeeded]: '0+900x37 0x5' }, RUNS),
  quiet(
    'it restarts after each run',
    { ...up10h, [succeeded]: '_ 900 0 0 3600 0 0 6300 0 0 9000 0 0x30' },
    DAY_ONE,
  ),
  quiet('it is new, and has not run yet', { ...up10h, [succeeded]: '0x60' }, DAY_ONE),
  quiet(
    'it comes back after a night',
    { [loki('up')]: '1x4 0x30 1x20', [succeeded]: '_ 900+900x3 _x30 0x20' },
    RUNS,
  ),
];

describeAlerts({
  name: 'loki',
  runbook: 'lib/loki/runbook.md',
  additions: caseAdditions('everything'),
  healthy: {
    ...up,
    [linesReceived]: '0+600x60',
    [bytesReceived]: '0+60000000x60',
    [requests(push, '204')]: '0+60x60',
    [requests(push, '429')]: '3x60',
    [requests(query, '200')]: '0+30x60',
    [requests(query, '500')]: '1x60',
    [bucket(query, '1')]: '0+30x60',
    [bucket(query, '+Inf')]: '0+30x60',
    [streams]: '700x60',
    [ruleFailures]: '1x60',
    [notSent]: '3x60',
    [discarded('stream_limit')]: '31x60',
    [discarded('too_far_behind')]: '7x60',
    [flushFailures]: '0x60',
    [checkpointFailures]: '0x60',
    [usage]: '0.6x60',
    [diskFull]: '1x60',
    [compacted]: '0+60x60',
    [retained]: '0+60x60',
    [volume('capacity_bytes')]: `${30 * GIB}x60`,
    [volume('available_bytes')]: `${12 * GIB}x60`,
    [volume('inodes')]: '1966080x60',
    [volume('inodes_free')]: '1500000x60',
  },
  situations: {
    LokiDown: [
      fires('its pod is gone', {}),
      fires('its pod does not answer', { [loki('up')]: '0x60' }),
      fires('only the Loki of another namespace answers', {
        [scraped('loki', { namespace: 'team-a' })('up')]: '1x60',
      }),
      quiet('it answers', up),
      quiet('it restarts', { [loki('up')]: '1x20 0x3 1x30' }),
    ],
    LokiReceivesNothing: [
      fires('no line arrives any more', { ...up, [linesReceived]: '0+600x5 3000x60' }),
      fires('no line has ever arrived', up),
      quiet('few lines arrive', { ...up, [linesReceived]: '0+1x60' }),
      quiet('it is down, which LokiDown tells', { [loki('up')]: '0x60' }),
    ],
    LokiLogAlertsFail: [
      fires('every evaluation of a group fails', { ...up, [ruleFailures]: '0+1x60' }),
      quiet('one fails, while Loki restarts', { ...up, [ruleFailures]: '0x12 1x60' }),
    ],
    LokiLogAlertsNotSent: [
      fires('Alertmanager cannot be reached', { ...up, [notSent]: '0+1x60' }),
      quiet('Alertmanager restarts', { ...up, [notSent]: '0x12 2x60' }),
    ],
    LokiPushesFail: [
      fires('one push in three fails', {
        [requests(push, '204')]: '0+20x60',
        [requests(push, '500')]: '0+10x60',
      }),
      fires('one push in three of an OpenTelemetry Collector fails', {
        [requests('otlp_v1_logs', '204')]: '0+20x60',
        [requests('otlp_v1_logs', '500')]: '0+10x60',
      }),
      quiet('agents are told to wait', {
        [requests(push, '204')]: '0+20x60',
        [requests(push, '429')]: '0+20x60',
      }),
      quiet('queries fail', { [requests(push, '204')]: '0+20x60', [requests(query, '500')]: '0+20x60' }),
    ],
    LokiRejectsNewStreams: [
      fires('there are too many streams', { ...up, [discarded('stream_limit')]: '_x26 5x40' }),
      quiet('there were, some time ago', { ...up, [discarded('stream_limit')]: '_x15 5x40' }),
      quiet('a stream is too fast', { ...up, [discarded('per_stream_rate_limit')]: '_x15 0+10x40' }),
    ],
    LokiLimitsStream: [
      fires('a stream is too fast', { ...up, [discarded('per_stream_rate_limit')]: '_x22 500x40' }),
      quiet('it was, some time ago', { ...up, [discarded('per_stream_rate_limit')]: '_x5 500x60' }),
      quiet('there are too many streams', { ...up, [discarded('stream_limit')]: '_x15 0+10x40' }),
    ],
    LokiRateLimited: [
      fires('more bytes arrive than agents may send', { ...up, [discarded('rate_limited')]: '_x26 500x40' }),
      quiet('they did, some time ago', { ...up, [discarded('rate_limited')]: '_x15 500x40' }),
    ],
    LokiDropsLines: [
      fires('the first line ever was dropped, and no other since', {
        ...up,
        [discarded('invalid_labels')]: '_x25 1x40',
      }),
      fires('lines are dropped again', { ...up, [discarded('too_far_in_future')]: '3x25 5x40' }),
      fires('they are dropped by a new pod', {
        [loki('up', { instance: '10.0.0.1:3100' })]: '1x22 stale',
        [loki('up', { instance: '10.0.0.2:3100' })]: '_x24 1x40',
        [loki('loki_discarded_samples_total', { instance: '10.0.0.2:3100', reason: 'too_far_in_future' })]:
          '_x25 4x40',
      }),
      quiet('lines were dropped long ago', { ...up, [discarded('too_far_in_future')]: '3x60' }),
      quiet('Prometheus sees it for the first time', {
        [loki('up')]: '_x25 1x40',
        [discarded('too_far_in_future')]: '_x25 3x40',
      }),
      quiet('Prometheus sees it again after a break', {
        [loki('up')]: '1x15 0x10 1x40',
        [discarded('too_far_in_future')]: '3x15 stale _x9 3x40',
      }),
      quiet('another alert tells of them', {
        ...up,
        [discarded('stream_limit')]: '0+5x60',
        [discarded('too_far_behind')]: '0+5x60',
      }),
    ],
    LokiRejectsOldLines: [
      fires(
        'lines arrive late for more than an hour',
        { ...up2h, [discarded('too_far_behind')]: '_x20 0+5x100' },
        LATER,
      ),
      fires(
        'lines older than the retention do',
        { ...up2h, [discarded('greater_than_max_sample_age')]: '_x20 0+5x100' },
        LATER,
      ),
      quiet(
        'a new agent reads old files for a quarter of an hour',
        { ...up2h, [discarded('too_far_behind')]: '_x70 0+500x15 7500x40' },
        LATER,
      ),
      quiet(
        'a new agent still reads them after 50 minutes',
        { ...up2h, [discarded('too_far_behind')]: '_x50 0+500x60' },
        LATER,
      ),
    ],
    LokiStreamsNearLimit: [
      fires('4,100 of 5,000', { [streams]: '4100x60' }),
      quiet('3,900 of 5,000', { [streams]: '3900x60' }),
    ],
    LokiIngestionNearLimit: [
      fires('40 of 48 MiB a second', { [bytesReceived]: `0+${40 * 60 * 2 ** 20}x60` }),
      quiet('30 of 48 MiB a second', { [bytesReceived]: `0+${30 * 60 * 2 ** 20}x60` }),
    ],
    LokiFlushFails: [
      fires('chunks cannot be written', { [flushFailures]: '0x20 0+1x40' }),
      fires('checkpoints cannot be written', { [checkpointFailures]: '0x20 0+1x40' }),
      quiet('they could not some time ago', { [flushFailures]: '0+1x5 5x60', [checkpointFailures]: '2x60' }),
    ],
    LokiVolumeFull: [
      fires('nine tenths are used', { [usage]: '0.5x28 0.91x40' }),
      fires('a write found no space', { [usage]: '0.5x60', [diskFull]: '0x28 1x40' }),
      quiet('much is used', { [usage]: '0.88x60', [diskFull]: '1x60' }),
    ],
    LokiVolumeFillsUp: [
      fires('a new volume gets more in one retention than it holds', filling(30, 4.5), DAYS),
      fires('a volume in its second week loses 1.5 GiB a day', filling(14, 1.5), { every: '1h', at: '7d2h' }),
      fires(
        'an old volume has moved to another node since',
        {
          [volume('capacity_bytes')]: `${30 * GIB}x216`,
          [volume('available_bytes').replace('node-1', 'node-0')]: `${14 * GIB}x100 stale`,
          [volume('available_bytes')]: `_x100 ${14 * GIB}-${Math.round(GIB / 12)}x116`,
        },
        { every: '1h', at: '7d4h' },
      ),
      quiet('a new volume gets 3 GiB a day, of which it holds a retention', filling(30, 3), DAYS),
      quiet('old logs go as new ones come', filling(10, 0), DAYS),
    ],
    LokiVolumeNearlyFull: [
      fires('a tenth of the bytes is left', {
        [volume('capacity_bytes')]: '100x60',
        [volume('available_bytes')]: '10x60',
      }),
      fires('a tenth of the inodes is left', {
        [volume('capacity_bytes')]: '100x60',
        [volume('available_bytes')]: '70x60',
        [volume('inodes')]: '1000x60',
        [volume('inodes_free')]: '100x60',
      }),
      quiet('a fifth of both is left', {
        [volume('capacity_bytes')]: '100x60',
        [volume('available_bytes')]: '20x60',
        [volume('inodes')]: '1000x60',
        [volume('inodes_free')]: '200x60',
      }),
      quiet('the file system does not count inodes', {
        [volume('inodes')]: '0x60',
        [volume('inodes_free')]: '0x60',
      }),
    ],
    LokiCompactionNotRun: notRun(compacted),
    LokiRetentionNotRun: notRun(retained),
    LokiQueriesFail: [
      fires('one query in five fails', {
        [requests(query, '200')]: '0+8x60',
        [requests(query, '500')]: '0+2x60',
      }),
      quiet('one query in twenty fails', {
        [requests(query, '200')]: '0+19x60',
        [requests(query, '500')]: '0+1x60',
      }),
      quiet('people make mistakes in queries', {
        [requests(query, '200')]: '0+5x60',
        [requests(query, '400')]: '0+5x60',
      }),
      quiet('a query failed, one of a few', {
        [requests(query, '200')]: '5x22 6x60',
        [requests(query, '500')]: '0x22 1x60',
      }),
    ],
    LokiQueriesSlow: [
      fires('one query in five takes more than 50 seconds', {
        [bucket(query, '1')]: '0+8x60',
        [bucket(query, '50')]: '0+8x60',
        [bucket(query, '100')]: '0+10x60',
        [bucket(query, '+Inf')]: '0+10x60',
      }),
      quiet('one query in twenty does', {
        [bucket(query, '1')]: '0+19x60',
        [bucket(query, '50')]: '0+19x60',
        [bucket(query, '100')]: '0+20x60',
        [bucket(query, '+Inf')]: '0+20x60',
      }),
      quiet('somebody follows a log', {
        [bucket('loki_api_v1_tail', '100')]: '0x60',
        [bucket('loki_api_v1_tail', '+Inf')]: '0+1x60',
      }),
      quiet('nobody asks', { [bucket(query, '1')]: '5x60', [bucket(query, '+Inf')]: '5x60' }),
    ],
  },
  also: [
    {
      values: { loki: { storage: BUCKET } },
      situations: {
        LokiBucketFails: [
          fires('a tenth of its operations fails', { [bucketFailures]: '0+6x60' }),
          fires('one fails every 5 minutes', { [bucketFailures]: '0x5 1x5 2x5 3x5 4x5 5x5 6x30' }),
          quiet('one failed', { [bucketFailures]: '0x20 1x40' }),
          quiet('none fails', { [bucketFailures]: '3x60' }),
        ],
      },
    },
    {
      values: { loki: { storage: BUCKET, replicas: 3 } },
      situations: {
        LokiBucketFails: [
          fires('one replica does not reach it', { [bucketFailures]: '0+6x60' }),
          quiet('all were started', {
            ...ofPod(
              'loki_objstore_bucket_operation_failures_total',
              ['5x20 1x40', '5x20 1x40', '5x20 1x40'],
              {
                operation: 'get',
              },
            ),
          }),
        ],
        LokiReplicaMissing: [
          fires('one is away', { ...ofPod('up', ['1x60', '1x60', '0x60']) }),
          fires('none is there', { something: '1x60' }),
          quiet('all are there', { ...ofPod('up', ['1x60', '1x60', '1x60']) }),
          quiet('one restarted', { ...ofPod('up', ['1x60', '1x20 0x5 1x35', '1x60']) }),
        ],
        LokiRingIncomplete: [
          fires('one sees itself only', { ...ringMembers(['3x60', '3x60', '1x60']) }),
          quiet('all see all', { ...ringMembers(['3x60', '3x60', '3x60']) }),
          quiet('one restarted', { ...ringMembers(['3x20 2x5 3x35', '3x20 2x5 3x35', '3x60']) }),
        ],
        LokiMembersApart: [
          fires('one is alone', {
            ...ofPod('loki_memberlist_client_cluster_members_count', ['2x60', '2x60', '1x60']),
          }),
          quiet('all are together', {
            ...ofPod('loki_memberlist_client_cluster_members_count', ['3x60', '3x60', '3x60']),
          }),
        ],
        LokiNoCompactor: [
          fires(
            'there is none',
            { ...ofPod('loki_boltdb_shipper_compactor_running', ['0x120', '0x120', '0x120']) },
            LATER,
          ),
          fires(
            'there are two',
            { ...ofPod('loki_boltdb_shipper_compactor_running', ['1x120', '0x120', '1x120']) },
            LATER,
          ),
          quiet(
            'it moves to another replica',
            { ...ofPod('loki_boltdb_shipper_compactor_running', ['1x60 0x60', '0x70 1x50', '0x120']) },
            LATER,
          ),
        ],
      },
    },
  ],
});
