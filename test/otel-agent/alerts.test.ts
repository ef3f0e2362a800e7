import { describeAlerts, fires, quiet, scraped } from '../support/alerts';

const agent = scraped('otel-agent', { pod: 'otel-agent-abcde', node: 'node-1', endpoint: 'metrics' });
const daemonSet = (metric: string, name = 'otel-agent') =>
  `kube_daemonset_status_${metric}{job="kube-state-metrics",namespace="monitoring",daemonset="${name}"}`;
const GIB = 2 ** 30;

const read = agent('otelcol_receiver_accepted_log_records', { receiver: 'file_log/0' });
const exporter = { exporter: 'otlp_grpc/loki' };
const reading = agent('otelcol_fileconsumer_reading_files');
const repeated = agent('otelcol_exporter_send_failed_log_records', { exporter: 'otlp_http/loki' });
const size = agent('otelcol_exporter_queue_size', { ...exporter, data_type: 'logs' });
const capacity = agent('otelcol_exporter_queue_capacity', { ...exporter, data_type: 'logs' });
const sent = agent('otelcol_exporter_sent_log_records', exporter);
const rejected = agent('otelcol_exporter_send_failed_log_records', exporter);
const unqueued = agent('otelcol_exporter_enqueue_failed_log_records', exporter);

describeAlerts({
  name: 'otel-agent',
  runbook: 'lib/otel-agent/runbook.md',
  values: { logs: { agent: 'otel' } },
  healthy: {
    [agent('up')]: '1x60',
    [daemonSet('desired_number_scheduled')]: '3x60',
    [daemonSet('number_ready')]: '3x60',
    [read]: '0+600x60',
    [size]: '1000x60',
    [capacity]: `${GIB}x60`,
    [sent]: '0+600x60',
    [rejected]: '7x60',
    [unqueued]: '3x60',
    [reading]: '0x60',
  },
  situations: {
    OtelAgentDown: [
      fires('no pod is scraped', {}),
      fires('no pod answers', { [agent('up')]: '0x60' }),
      quiet('one answers', {
        [agent('up')]: '1x60',
        [agent('up', { node: 'node-2', pod: 'otel-agent-b' })]: '0x60',
      }),
    ],
    OtelAgentMissingOnNode: [
      fires('one of three nodes has none', {
        [daemonSet('desired_number_scheduled')]: '3x60',
        [daemonSet('number_ready')]: '2x60',
      }),
      quiet('a node joins', {
        [daemonSet('desired_number_scheduled')]: '3x20 4x60',
        [daemonSet('number_ready')]: '3x22 4x60',
      }),
      quiet('another DaemonSet is missing', {
        [daemonSet('desired_number_scheduled', 'other')]: '3x60',
        [daemonSet('number_ready', 'other')]: '2x60',
      }),
    ],
    OtelAgentUnreachable: [
      fires('that of one node does not answer', {
        [agent('up')]: '1x60',
        [agent('up', { node: 'node-2', pod: 'otel-agent-b' })]: '0x60',
      }),
      quiet('it restarts', { [agent('up')]: '1x20 0x5 1x60' }),
    ],
    OtelAgentReadsNothing: [
      fires('no line is read any more', { [read]: '600x60' }),
      fires('lines come only from its own queue', {
        [read]: '600x60',
        [agent('otelcol_receiver_accepted_log_records', { receiver: 'otlp/loki' })]: '0+600x60',
      }),
      quiet('a node is quiet for some minutes', { [read]: '0+600x20 12000x8 12600+600x30' }),
    ],
    OtelAgentFallsBehind: [
      fires('a container writes faster than it reads', { [reading]: '0x5 1x60' }),
      fires('it reads several files', { [reading]: '0x5 3x10 2x60' }),
      quiet('it reaches the end of its files', { [reading]: '1x9 0 1x9 0 1x9 0 1x9 0 1x9 0' }),
    ],
    OtelAgentQueueFillingUp: [
      fires('Loki is away', { [size]: `0+${GIB / 40}x40`, [capacity]: `${GIB}x60` }),
      fires('the queue of one node is full', {
        [size]: '0x60',
        [capacity]: `${GIB}x60`,
        [agent('otelcol_exporter_queue_size', {
          ...exporter,
          node: 'node-2',
          pod: 'otel-agent-b',
        })]: `${GIB}x60`,
        [agent('otelcol_exporter_queue_capacity', {
          ...exporter,
          node: 'node-2',
          pod: 'otel-agent-b',
        })]: `${GIB}x60`,
      }),
      quiet('Loki restarts', { [size]: `0x25 0+${GIB / 20}x5 0x30`, [capacity]: `${GIB}x60` }),
    ],
    OtelAgentExportFails: [
      fires('Loki rejects half of it', { [sent]: '0+600x60', [rejected]: '0+600x60' }),
      fires('something else answers in its place', { [rejected]: '_x5 0+600x60' }),
      quiet('Loki rejects old lines of a new agent', { [sent]: '0+600x60', [rejected]: '0+600x10 6000x50' }),
      quiet('the queue repeats what Loki does not answer', { [sent]: '600x60', [repeated]: '0+600x60' }),
      quiet('Loki rejects a line now and then', { [sent]: '0+600x60', [rejected]: '0+20x60' }),
    ],
    OtelAgentLosesEntries: [
      fires('the disk of the node is full', { [agent('up')]: '1x60', [unqueued]: '_x25 12x40' }),
      quiet('entries were lost long ago', { [agent('up')]: '1x60', [unqueued]: '0x5 3x60' }),
    ],
    OtelAgentDestinationRejects: [
      fires('the credentials are wrong', { [sent]: '600x60', [rejected]: '600x20 600+600x40' }),
      fires('one of two destinations rejects them', {
        [sent]: '0+600x60',
        [agent('otelcol_exporter_send_failed_log_records', { exporter: 'otlp_http/logs-central' })]:
          '0+600x60',
      }),
      quiet('the destination rejects some lines and accepts others', {
        [sent]: '0+600x60',
        [rejected]: '0+600x60',
      }),
      quiet('nothing is sent', { [sent]: '600x60', [rejected]: '600x60' }),
    ],
  },
});
