import { expect, test } from '@jest/globals';
import { describeAlerts, fires, quiet, scraped } from '../support/alerts';
import { manifest } from '../support/render';

const pod = 'otel-collector-7c9b-abcde';
const collector = scraped('otel-collector', { endpoint: 'metrics', pod });
const spanMetrics = scraped('otel-collector', { endpoint: 'span-metrics', pod });
const volume = (name: string) =>
  `kubelet_volume_stats_${name}{job="kubelet",namespace="monitoring",persistentvolumeclaim="otel-collector"}`;
const DAYS = { every: '1h', at: '30h' };

const up = { [collector('up')]: '1x60' };
const exporter = { exporter: 'otlp_grpc/tempo', data_type: 'traces' };
const queueSize = collector('otelcol_exporter_queue_size', exporter);
const queueCapacity = collector('otelcol_exporter_queue_capacity', exporter);
const logExporter = { exporter: 'otlp_grpc/loki', data_type: 'logs' };
const logQueue = (metric: string) => collector(`otelcol_exporter_queue_${metric}`, logExporter);
const metricExporter = { exporter: 'otlp_http/metrics', data_type: 'metrics' };
const metricQueue = (metric: string) => collector(`otelcol_exporter_queue_${metric}`, metricExporter);
const notQueued = collector('otelcol_exporter_enqueue_failed_spans', exporter);
const notSent = collector('otelcol_exporter_send_failed_spans', exporter);
const refused = collector('otelcol_receiver_refused_spans', { receiver: 'otlp', transport: 'grpc' });
const TIERS = { tracing: { sampling: { type: 'tail', replicas: 3 } } };
const distributor = { exporter: 'load_balancing', data_type: 'traces' };
const distributorQueue = (metric: string) => collector(`otelcol_exporter_queue_${metric}`, distributor);
const backends = (of = pod) => collector('otelcol_loadbalancer_num_backends', { resolver: 'dns', pod: of });
const samplers = (count: number, metric = 'up') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      scraped('otel-sampler', { endpoint: 'metrics', pod: `otel-sampler-${n}` })(metric),
      '1x60',
    ]),
  );
const sampler = scraped('otel-sampler', { endpoint: 'metrics' });
const samplerVolume = (name: string) => volume(name).replace('"otel-collector"', '"queue-otel-sampler-2"');
const notInGraph = collector('otelcol_connector_servicegraph_dropped_spans');
const dropped = collector('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early');
/** Prometheus leaves such a metric the job that it comes with. */
const calls = (labels: Record<string, string>) =>
  spanMetrics('traces_spanmetrics_calls_total', { job: 'shop', service: 'shop', ...labels });

/** A counter that has its first series once there is something to count, and how it is then read. */
const sinceFirst = (counter: string) => [
  fires('the first spans ever', { ...up, [counter]: '_x25 40x60' }),
  fires('spans again', { ...up, [counter]: '40x25 60x60' }),
  quiet('that was long ago', { ...up, [counter]: '40x60' }),
  quiet('a collector of another team does', {
    ...up,
    [scraped('otel-collector', { namespace: 'team-a' })(counter.split('{')[0] ?? '')]: '0+5x60',
  }),
];

describeAlerts({
  name: 'otel-collector',
  runbook: 'lib/tracing/runbook.md',
  values: { tracing: { queue: { persistent: true } } },
  healthy: {
    ...up,
    [spanMetrics('up')]: '1x60',
    [calls({ span_name: 'GET /' })]: '0+5x60',
    [queueSize]: '10x60',
    [queueCapacity]: '100x60',
    [notQueued]: '3x60',
    [notSent]: '3x60',
    [refused]: '0x60',
    [dropped]: '0x60',
    [volume('capacity_bytes')]: '100x60',
    [volume('available_bytes')]: '90x60',
  },
  also: [
    {
      values: { logs: { otlp: { enabled: true } } },
      situations: {
        OtlpLogQueueFillingUp: [
          fires('Loki has been away for long', {
            [logQueue('size')]: '0+3x60',
            [logQueue('capacity')]: '100x60',
          }),
          quiet('Loki is quick', { [logQueue('size')]: '3x60', [logQueue('capacity')]: '100x60' }),
          quiet('the queue of traces fills up', { [queueSize]: '90x60', [queueCapacity]: '100x60' }),
        ],
        OtlpLogsLost: [
          ...sinceFirst(collector('otelcol_exporter_enqueue_failed_log_records', logExporter)),
          ...sinceFirst(collector('otelcol_exporter_send_failed_log_records', logExporter)),
          fires('Loki rejects records, and the queue was full long ago', {
            ...up,
            [collector('otelcol_exporter_enqueue_failed_log_records', logExporter)]: '5x60',
            [collector('otelcol_exporter_send_failed_log_records', logExporter)]: '0+5x60',
          }),
          quiet('the queue repeats requests while Loki is away', {
            ...up,
            [collector('otelcol_exporter_send_failed_log_records', { exporter: 'otlp_http/loki' })]: '0+5x60',
          }),
        ],
      },
    },
    {
      values: { tracing: { metrics: { enabled: true } } },
      situations: {
        OtlpMetricQueueFillingUp: [
          fires('Prometheus has been away for long', {
            [metricQueue('size')]: '0+3x60',
            [metricQueue('capacity')]: '100x60',
          }),
          quiet('the queue of traces fills up', { [queueSize]: '90x60', [queueCapacity]: '100x60' }),
        ],
        OtlpMetricsLost: [
          ...sinceFirst(collector('otelcol_exporter_enqueue_failed_metric_points', metricExporter)),
          ...sinceFirst(collector('otelcol_exporter_send_failed_metric_points', metricExporter)),
        ],
        OtlpDeltasDropped: sinceFirst(
          collector('otelcol_processor_filter_datapoints_filtered', { filter: 'filter/delta' }),
        ),
      },
    },
    {
      values: TIERS,
      situations: {
        TraceSamplersNotFound: [
          fires('it finds two of three', { [backends()]: '2x60' }),
          fires('one of the first tier finds none', { [backends()]: '3x60', [backends('other')]: '0x60' }),
          quiet('one is replaced', { [backends()]: '3x10 2x10 3x40' }),
        ],
        TraceSamplersDiffer: [
          fires('one finds fewer', { [backends()]: '3x60', [backends('other')]: '2x60' }),
          quiet('each finds all', { [backends()]: '3x60', [backends('other')]: '3x60' }),
          quiet('one was later', { [backends()]: '2x20 3x40', [backends('other')]: '2x22 3x40' }),
        ],
        TraceDistributionQueueFillingUp: [
          fires('no sampling collector answers', {
            [distributorQueue('size')]: '0+3x60',
            [distributorQueue('capacity')]: '100x60',
          }),
          quiet('all are quick', {
            [distributorQueue('size')]: '3x60',
            [distributorQueue('capacity')]: '100x60',
          }),
          quiet('the queue of logs fills up', {
            [logQueue('size')]: '90x60',
            [logQueue('capacity')]: '100x60',
          }),
        ],
        TraceDistributionFails: [
          ...sinceFirst(collector('otelcol_exporter_enqueue_failed_spans', distributor)),
          ...sinceFirst(collector('otelcol_exporter_send_failed_spans', distributor)),
          fires('a sampling collector rejects spans, and the queue was full long ago', {
            ...up,
            [collector('otelcol_exporter_enqueue_failed_spans', distributor)]: '5x60',
            [collector('otelcol_exporter_send_failed_spans', distributor)]: '0+5x60',
          }),
          quiet('logs are lost', {
            ...up,
            [collector('otelcol_exporter_enqueue_failed_spans', logExporter)]: '0+5x60',
          }),
        ],
      },
    },
    {
      name: 'otel-sampler',
      values: TIERS,
      situations: {
        TraceSamplerMissing: [
          fires('two of three answer', samplers(2)),
          fires('none answers', {}),
          quiet('three answer', samplers(3)),
          quiet('one is replaced', {
            ...samplers(2),
            [sampler('up', { pod: 'otel-sampler-2' })]: '1x10 0x5 1x45',
          }),
        ],
        TraceSamplerRefusesSpans: [
          fires('spans are refused', { [sampler('otelcol_receiver_refused_spans')]: '0+5x60' }),
          quiet('the first tier refuses spans', { [refused]: '0+5x60' }),
        ],
        TraceQueueFillingUp: [
          fires('four fifths are used', {
            [sampler('otelcol_exporter_queue_size', exporter)]: '80x60',
            [sampler('otelcol_exporter_queue_capacity', exporter)]: '100x60',
          }),
          quiet('that of the first tier is', { [queueSize]: '80x60', [queueCapacity]: '100x60' }),
        ],
        TraceQueueVolumeNearlyFull: [
          fires('a tenth of one of them is left', {
            [samplerVolume('capacity_bytes')]: '100x60',
            [samplerVolume('available_bytes')]: '10x60',
          }),
          quiet('a fifth is left', {
            [samplerVolume('capacity_bytes')]: '100x60',
            [samplerVolume('available_bytes')]: '20x60',
          }),
        ],
      },
    },
  ],
  situations: {
    TraceCollectorDown: [
      fires('its pod is gone', {}),
      fires('its pod does not answer', { [collector('up')]: '0x60', [spanMetrics('up')]: '1x60' }),
      quiet('one of two answers', {
        [collector('up')]: '0x60',
        [collector('up', { pod: 'otel-collector-7c9b-fghij' })]: '1x60',
      }),
    ],
    SpanMetricsMissing: [
      fires('only the other port answers', up),
      quiet('both ports answer', { ...up, [spanMetrics('up')]: '1x60' }),
    ],
    SpanMetricsOverflow: [
      fires('a service has a series for what is beyond', {
        [calls({ otel_metric_overflow: 'true' })]: '0+5x60',
      }),
      quiet('a service has one for each name', { [calls({ span_name: 'GET /' })]: '0+5x60' }),
    ],
    // It has to go on for ten minutes.
    ServiceGraphIncomplete: [
      fires('spans are dropped all the time', { ...up, [notInGraph]: '0+5x60' }),
      fires('the first ever, and more', { ...up, [notInGraph]: '_x10 5+5x60' }),
      quiet('that was long ago', { ...up, [notInGraph]: '40x60' }),
    ],
    TraceQueueFillingUp: [
      fires('four fifths are used', { [queueSize]: '80x60', [queueCapacity]: '100x60' }),
      quiet('a tenth is used', { [queueSize]: '10x60', [queueCapacity]: '100x60' }),
    ],
    TracesLost: sinceFirst(notQueued),
    TraceExportFails: sinceFirst(notSent),
    TraceCollectorRefusesSpans: [
      fires('spans are refused', { [refused]: '0+5x60' }),
      quiet('spans were refused', { [refused]: '7x60' }),
    ],
    TraceBufferTooSmall: [
      fires('traces leave the buffer', { ...up, [dropped]: '0+5x60' }),
      quiet('traces left it once', { ...up, [dropped]: '7x60' }),
    ],
    TraceQueueVolumeFillsUp: [
      fires(
        'it is full tomorrow',
        { [volume('capacity_bytes')]: '100x60', [volume('available_bytes')]: '100-2x60' },
        DAYS,
      ),
      quiet(
        'it fills and empties',
        { [volume('capacity_bytes')]: '100x60', [volume('available_bytes')]: '60 80 60 80 60 80 60x60' },
        DAYS,
      ),
    ],
    TraceQueueVolumeNearlyFull: [
      fires('a tenth is left', {
        [volume('capacity_bytes')]: '100x60',
        [volume('available_bytes')]: '10x60',
      }),
      quiet('a fifth is left', {
        [volume('capacity_bytes')]: '100x60',
        [volume('available_bytes')]: '20x60',
      }),
    ],
  },
});

const names = (values: object): string[] =>
  manifest(values, 'PrometheusRule', 'otel-collector').spec.groups[0].rules.map(
    ({ alert }: { alert: string }) => alert,
  );

test('a queue in memory has no volume alerts', () => {
  expect(names({})).toContain('TracesLost');
  expect(names({}).filter((alert) => alert.includes('Volume'))).toEqual([]);
});

test('sampling by trace id has no buffer alert', () => {
  const sampling = { type: 'probabilistic' };

  expect(names({})).toContain('TraceBufferTooSmall');
  expect(names({ tracing: { sampling } })).not.toContain('TraceBufferTooSmall');
});
