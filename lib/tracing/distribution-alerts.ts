import type { Alert } from '../monitoring/prometheus-rule';
import { type ComponentMetrics, growth } from '../monitoring/promql';
import { DISTRIBUTOR } from './span-distributor';

/**
 * Alerts about spans on their way from the first tier of collectors to the second.
 *
 * @param samplers Number of collectors in the second tier.
 */
export function distributionAlerts(collector: ComponentMetrics, up: string, samplers: number): Alert[] {
  const exporter = `exporter="${DISTRIBUTOR}"`;
  const [size, capacity] = ['size', 'capacity'].map((one) =>
    collector(`otelcol_exporter_queue_${one}`, exporter),
  );
  const grown = (counter: string) =>
    `sum by (namespace, pod) (${growth(collector(counter, exporter), '10m', up)}) > 0`;
  const backends = collector('otelcol_loadbalancer_num_backends');
  return [
    {
      alert: 'TraceSamplersNotFound',
      expr: `min by (namespace, pod) (${backends}) < ${samplers}`,
      for: '15m',
      severity: 'warning',
      summary: `{{ $labels.pod }} finds {{ $value }} of ${samplers} sampling collectors`,
      description:
        'They are not ready, or DNS does not return their addresses. The others receive their traces.',
    },
    {
      alert: 'TraceSamplersDiffer',
      expr: `max by (namespace, job) (${backends}) != min by (namespace, job) (${backends})`,
      for: '5m',
      severity: 'warning',
      summary: 'Collectors of the first tier find different numbers of sampling collectors',
      description:
        'Spans of a trace reach different collectors, so errors and durations are not seen together.',
    },
    {
      alert: 'TraceDistributionQueueFillingUp',
      expr: `max by (namespace, pod) (${size} / ${capacity}) > 0.5`,
      for: '5m',
      severity: 'warning',
      summary: 'The queue to the sampling collectors is {{ $value | humanizePercentage }} full',
      description: 'They are down or too slow. When the queue is full, the collector rejects spans.',
    },
    {
      alert: 'TraceDistributionFails',
      expr: `${grown('otelcol_exporter_enqueue_failed_spans')} or ${grown('otelcol_exporter_send_failed_spans')}`,
      for: '0m',
      severity: 'critical',
      summary: 'The first tier failed to pass on {{ $value | humanize }} spans in 10 minutes',
      description:
        'Its queue is full, or a sampling collector rejected the spans. Clients retry for a while.',
    },
  ];
}
