import type { Alert } from '../monitoring/prometheus-rule';
import { growth, metricsOf } from '../monitoring/promql';

/**
 * Alerts about the collector of Kubernetes events. Kubernetes deletes an event after an hour, so what the collector
 * does not send by then is lost.
 *
 * @param where Namespace of the collector, and the name of its Deployment and Service.
 * @see https://opentelemetry.io/docs/collector/internal-telemetry/
 */
export function eventCollectorAlerts({ name, namespace }: { name: string; namespace: string }): Alert[] {
  const collector = metricsOf(name, namespace);
  const up = collector('up');
  const [size, capacity] = ['size', 'capacity'].map((one) => collector(`otelcol_exporter_queue_${one}`));
  const grown = (counter: string, range: string, matcher: string) =>
    `sum(${growth(collector(counter, matcher), range, up)})`;
  const notRelayed = 'exporter!="otlp_http/loki"';
  // The excluded exporter also counts requests that the queue repeats.
  const lost = (counter: string) =>
    `(${grown(`otelcol_exporter_${counter}_log_records`, '10m', notRelayed)} or vector(0))`;
  return [
    {
      alert: 'EventCollectorDown',
      expr: `absent(${up} == 1)`,
      for: '15m',
      severity: 'warning',
      summary: 'Kubernetes events are not collected',
      description: 'A collector that starts within an hour collects them later. Older events are lost.',
    },
    {
      alert: 'EventCollectorReadsNothing',
      // The API server counts the events that it stores.
      expr: `(${grown('otelcol_receiver_accepted_log_records', '30m', 'receiver="k8s_objects"')} or 0 * max(${up} == 1)) == 0 and on () sum(increase(apiserver_request_total{resource="events",verb="POST",code="201"}[30m])) > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'The event collector has read nothing for 30 minutes',
      description: 'The API server stored events in this time. The collector may not list or watch them.',
    },
    {
      alert: 'EventQueueFillingUp',
      expr: `max by (namespace, exporter) (${size} / ${capacity}) > 0.5`,
      for: '5m',
      severity: 'warning',
      summary:
        'The queue of Kubernetes events for {{ $labels.exporter }} is {{ $value | humanizePercentage }} full',
      description: 'The store is down or too slow. When the queue is full, events are lost.',
    },
    {
      alert: 'EventsLost',
      expr: `${lost('enqueue_failed')} + ${lost('send_failed')} > 0`,
      for: '0m',
      severity: 'warning',
      summary: 'The event collector lost up to {{ $value | humanize }} Kubernetes events in 10 minutes',
      description:
        'Its queue is full, or Loki rejected some of them and stored the others of their requests.',
    },
  ];
}
