import { describeAlerts, fires, quiet, scraped } from '../support/alerts';

const tempo = scraped('tempo', { pod: 'tempo-6d5f-abcde' });
const volume = (name: string) =>
  `kubelet_volume_stats_${name}{job="kubelet",namespace="monitoring",node="node-1",persistentvolumeclaim="tempo"}`;
const GIB = 2 ** 30;
const DAYS = { every: '1h', at: '60h' };
const HOURS = { every: '5m', at: '8h' };
const LATE = { every: '1m', at: '90m' };

const up = { [tempo('up')]: '1x100' };
const discarded = (reason: string) =>
  tempo('tempo_discarded_spans_total', { reason, tenant: 'single-tenant' });
const refused = tempo('tempo_receiver_refused_spans', { receiver: 'otlp/otlp_receiver' });
const truncated = tempo('tempo_distributor_attributes_truncated_total', { scope: 'event' });
const liveTraces = tempo('tempo_live_store_live_traces', { tenant: 'single-tenant' });
const ingress = tempo('tempo_distributor_ingress_bytes_total', { tenant: 'single-tenant' });
const ready = tempo('tempo_live_store_ready');
const failedCompletions = tempo('tempo_live_store_failed_completions_total');
const failedFlushes = tempo('tempo_live_store_local_failed_flushes_total');
const pollErrors = tempo('tempodb_blocklist_poll_errors_total', { tenant: '' });
const failedJobs = (job_type: string) => tempo('tempo_backend_scheduler_jobs_failed_total', { job_type });
const retentionErrors = tempo('tempodb_retention_errors_total');
const retentions = tempo('tempodb_retention_duration_seconds_count');
const blocks = tempo('tempodb_blocklist_length', { tenant: 'single-tenant' });
const requests = (route: string, status_code: string) =>
  tempo('tempo_request_duration_seconds_count', { route, status_code });
const bucket = (route: string, le: string) => tempo('tempo_request_duration_seconds_bucket', { route, le });
const search = 'api_search';

/** A volume of 20 GiB that loses bytes every hour, for 4 days. */
const filling = (startGib: number, gibPerDay: number) => ({
  [volume('capacity_bytes')]: `${20 * GIB}x96`,
  [volume('available_bytes')]: `${startGib * GIB}-${Math.round((gibPerDay * GIB) / 24)}x96`,
});

describeAlerts({
  name: 'tempo',
  runbook: 'lib/tempo/runbook.md',
  healthy: {
    ...up,
    [refused]: '5x100',
    [discarded('trace_too_large')]: '8x100',
    [truncated]: '7x100',
    [liveTraces]: '2000x100',
    [ingress]: '0+6000000x100',
    [ready]: '1x100',
    [failedCompletions]: '0x100',
    [failedFlushes]: '1x100',
    [pollErrors]: '1x100',
    [failedJobs('JOB_TYPE_COMPACTION')]: '2x100',
    [retentionErrors]: '0x100',
    [retentions]: '0x100',
    [blocks]: '30x100',
    [requests(search, '200')]: '0+10x100',
    [requests(search, '500')]: '1x100',
    [requests('api_echo', '200')]: '0+2x100',
    [bucket(search, '1')]: '0+10x100',
    [bucket(search, '+Inf')]: '0+10x100',
    [volume('capacity_bytes')]: `${20 * GIB}x100`,
    [volume('available_bytes')]: `${9 * GIB}x100`,
  },
  situations: {
    TempoDown: [
      fires('its pod is gone', {}),
      fires('its pod does not answer', { [tempo('up')]: '0x60' }),
      quiet('it answers', up),
      quiet('it restarts', { [tempo('up')]: '1x20 0x3 1x30' }),
    ],
    TempoRefusesSpans: [
      fires('spans are refused', { [refused]: '0+5x60' }),
      quiet('spans were refused', { [refused]: '0+5x10 50x60' }),
    ],
    TempoDiscardsSpans: [
      fires('the first spans ever are thrown away', {
        ...up,
        [discarded('live_traces_exceeded')]: '_x25 40x60',
      }),
      fires('spans are thrown away again', { ...up, [discarded('trace_too_large')]: '40x25 60x60' }),
      quiet('spans were thrown away long ago', { ...up, [discarded('trace_too_large')]: '40x100' }),
      quiet('Prometheus sees it for the first time', {
        [tempo('up')]: '_x25 1x60',
        [discarded('trace_too_large')]: '_x25 40x60',
      }),
    ],
    TempoTruncatesAttributes: [
      fires('the first attribute ever is truncated', { ...up, [truncated]: '_x65 1x60' }, LATE),
      fires('attributes are truncated again', { ...up, [truncated]: '7x65 9x60' }, LATE),
      quiet('attributes were truncated long ago', { ...up, [truncated]: '7x120' }, LATE),
    ],
    TempoLiveTracesNearLimit: [
      fires('41,000 of 50,000', { [liveTraces]: '41000x60' }),
      quiet('39,000 of 50,000', { [liveTraces]: '39000x60' }),
    ],
    TempoIngestionNearLimit: [
      fires('13 of 15 MiB a second', { [ingress]: `0+${13 * 60 * 2 ** 20}x60` }),
      quiet('11 of 15 MiB a second', { [ingress]: `0+${11 * 60 * 2 ** 20}x60` }),
    ],
    TempoLiveStoreNotReady: [
      fires('it does not become ready', { [ready]: '0x60' }),
      quiet('it starts', { [ready]: '1x20 0x5 1x60' }),
    ],
    TempoFlushFails: [
      fires('blocks cannot be completed', { [failedCompletions]: '0x20 0+1x60' }),
      fires('blocks cannot be stored', { [failedFlushes]: '0x20 0+1x60' }),
      quiet('they could not some time ago', { [failedCompletions]: '0+1x5 5x60', [failedFlushes]: '3x60' }),
    ],
    TempoPollsFail: [
      fires('two polls in a row fail', { ...up, [pollErrors]: '_x20 1x5 2x60' }),
      quiet('a poll failed', { ...up, [pollErrors]: '_x20 1x60' }),
      quiet('polls failed long ago', { ...up, [pollErrors]: '7x60' }),
    ],
    TempoCompactionFails: [
      fires(
        'merges fail, as they never did',
        { ...up, [failedJobs('JOB_TYPE_COMPACTION')]: '_x80 3x60' },
        LATE,
      ),
      quiet('a merge failed', { ...up, [failedJobs('JOB_TYPE_COMPACTION')]: '_x80 1x60' }, LATE),
      quiet('merges failed long ago', { ...up, [failedJobs('JOB_TYPE_COMPACTION')]: '9x60' }, LATE),
    ],
    TempoRetentionFails: [
      fires('a block cannot be deleted', { [retentionErrors]: '0x20 1x60' }),
      fires('its job fails', { ...up, [failedJobs('JOB_TYPE_RETENTION')]: '_x80 1x60' }, LATE),
      quiet(
        'merges fail',
        { ...up, [retentionErrors]: '4x100', [failedJobs('JOB_TYPE_COMPACTION')]: '0+1x100' },
        LATE,
      ),
    ],
    TempoRetentionNotRun: [
      fires('it ran last 7 hours ago', { [blocks]: '30x100', [retentions]: '0+1x1 1x100' }, HOURS),
      quiet(
        'it runs every hour',
        { [blocks]: '30x100', [retentions]: '0x12 1x12 2x12 3x12 4x12 5x12 6x12 7x12' },
        HOURS,
      ),
      quiet('it began 2 hours ago', { [blocks]: '_x72 30x100', [retentions]: '_x72 0x12 1x12' }, HOURS),
      quiet('there is no trace yet', { [retentions]: '0x100' }, HOURS),
    ],
    TempoVolumeFillsUp: [
      fires('a new volume gets more in one retention than it holds', filling(20, 7), DAYS),
      fires('an old volume loses 1 GiB a day', filling(5, 1), { every: '1h', at: '75h' }),
      quiet('a new volume gets 5 GiB a day, of which it holds a retention', filling(20, 5), DAYS),
      quiet('old traces go as new ones come', filling(6, 0), DAYS),
    ],
    TempoVolumeNearlyFull: [
      fires('a tenth is left', {
        [volume('capacity_bytes')]: '100x60',
        [volume('available_bytes')]: '10x60',
      }),
      quiet('a fifth is left', {
        [volume('capacity_bytes')]: '100x60',
        [volume('available_bytes')]: '20x60',
      }),
    ],
    TempoQueriesFail: [
      fires('one query in five fails, while probes do not', {
        [requests(search, '200')]: '0+8x60',
        [requests(search, '500')]: '0+2x60',
        [requests('api_echo', '200')]: '0+50x60',
      }),
      quiet('traces are not found', {
        [requests('api_traces_traceid', '200')]: '0+8x60',
        [requests('api_traces_traceid', '404')]: '0+8x60',
      }),
    ],
    TempoQueriesSlow: [
      fires('one query in five takes more than 50 seconds', {
        [bucket(search, '1')]: '0+8x60',
        [bucket(search, '50')]: '0+8x60',
        [bucket(search, '100')]: '0+10x60',
        [bucket(search, '+Inf')]: '0+10x60',
      }),
      quiet('one query in twenty does', {
        [bucket(search, '1')]: '0+19x60',
        [bucket(search, '50')]: '0+19x60',
        [bucket(search, '100')]: '0+20x60',
        [bucket(search, '+Inf')]: '0+20x60',
      }),
    ],
  },
});
