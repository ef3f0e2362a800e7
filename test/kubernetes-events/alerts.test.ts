import { describeAlerts, fires, quiet, scraped } from '../support/alerts';

const collector = scraped('event-collector', { pod: 'event-collector-abcde', endpoint: 'metrics' });
const read = collector('otelcol_receiver_accepted_log_records', { receiver: 'k8s_objects' });
const stored = (labels = 'resource="events",verb="POST",code="201"') =>
  `apiserver_request_total{job="apiserver",${labels}}`;
const exporter = { exporter: 'otlp_grpc/loki' };
const size = collector('otelcol_exporter_queue_size', { ...exporter, data_type: 'logs' });
const capacity = collector('otelcol_exporter_queue_capacity', { ...exporter, data_type: 'logs' });
const unqueued = collector('otelcol_exporter_enqueue_failed_log_records', exporter);
const rejected = collector('otelcol_exporter_send_failed_log_records', exporter);
const repeated = collector('otelcol_exporter_send_failed_log_records', { exporter: 'otlp_http/loki' });
const passedOn = collector('otelcol_receiver_accepted_log_records', { receiver: 'otlp/loki' });
const MIB = 2 ** 20;

describeAlerts({
  name: 'event-collector',
  runbook: 'lib/kubernetes-events/runbook.md',
  values: { kubernetesEvents: { enabled: true } },
  healthy: {
    [collector('up')]: '1x60',
    [read]: '0+20x60',
    [stored()]: '0+20x60',
    [size]: '1000x60',
    [capacity]: `${32 * MIB}x60`,
    [unqueued]: '3x60',
    [rejected]: '7x60',
  },
  situations: {
    EventCollectorDown: [
      fires('no pod is scraped', {}),
      fires('the pod does not answer', { [collector('up')]: '0x60' }),
      quiet('it restarts', { [collector('up')]: '1x20 0x10 1x60' }),
    ],
    EventCollectorReadsNothing: [
      fires('it has stopped watching', {
        [collector('up')]: '1x60',
        [read]: '400x60',
        [stored()]: '0+20x60',
      }),
      fires('it has stopped watching, and sends what waits', {
        [collector('up')]: '1x60',
        [read]: '400x60',
        [passedOn]: '0+20x60',
        [stored()]: '0+20x60',
      }),
      fires('it may not list events, so that it has no series', {
        [collector('up')]: '1x60',
        [stored()]: '0+20x60',
      }),
      quiet('nothing happens in the cluster', {
        [collector('up')]: '1x60',
        [read]: '400x60',
        [stored()]: '400x60',
        [stored('resource="pods",verb="POST",code="201"')]: '0+20x60',
      }),
      quiet('events are refused', {
        [collector('up')]: '1x60',
        [read]: '400x60',
        [stored('resource="events",verb="POST",code="403"')]: '0+20x60',
      }),
      quiet('it is down, which another alert says', { [collector('up')]: '0x60', [stored()]: '0+20x60' }),
    ],
    EventQueueFillingUp: [
      fires('Loki is away', { [size]: `0+${MIB}x60`, [capacity]: `${32 * MIB}x60` }),
      quiet('Loki restarts', { [size]: `0x25 0+${8 * MIB}x3 0x30`, [capacity]: `${32 * MIB}x60` }),
    ],
    EventsLost: [
      fires('the queue is full', { [collector('up')]: '1x60', [unqueued]: '_x25 12x40' }),
      fires('Loki rejects events', { [collector('up')]: '1x60', [rejected]: '0x25 2x40' }),
      quiet('the queue repeats requests while Loki is away', {
        [collector('up')]: '1x60',
        [repeated]: '0+5x60',
      }),
      quiet('events were lost long ago', { [collector('up')]: '1x60', [unqueued]: '0x5 3x60' }),
    ],
  },
});
