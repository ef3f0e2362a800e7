import type { Duration } from '../kubernetes/duration';
import type { UnnamedAlert } from './prometheus-rule';
import type { AlertThresholds } from './settings';

/** Properties of {@link volumeAlerts}. */
export interface VolumeAlertsProps {
  /** Namespace and name of the PersistentVolumeClaim. */
  readonly namespace: string;
  readonly claim: string;
  readonly thresholds: AlertThresholds;
  /** Share of the volume from which on the component writes no more, in percent. @default 100 */
  readonly fullPercent?: number;
  /** Time after which the component deletes what it wrote; undefined where what it holds does not grow with time. */
  readonly retention?: Duration;
  /** What happens when the volume is full, in one sentence. */
  readonly consequence: string;
}

const DAY_SECONDS = 86_400;

/**
 * Alerts before a volume is full: days before, by its trend, and when little is left, of bytes or of inodes.
 *
 * A new store fills up until its retention begins to delete. Until then its trend counts only if it would
 * fill the volume within one retention too; afterwards it counts as it is.
 *
 * @see https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export function volumeAlerts(props: VolumeAlertsProps): Record<'fillsUp' | 'nearlyFull', UnnamedAlert> {
  const { thresholds, fullPercent = 100, retention, consequence } = props;
  const { volumeFillDays, volumeFreePercent } = thresholds;
  const series = `{namespace="${props.namespace}",persistentvolumeclaim="${props.claim}"}`;
  const [available, capacity] = ['available_bytes', 'capacity_bytes'].map(
    (name) => `kubelet_volume_stats_${name}${series}`,
  );
  // By the day, as logs and traces have one; a shorter trend is that of the time of day.
  const inDays = `predict_linear(${available}[1d], ${volumeFillDays * DAY_SECONDS})`;
  const fills = `${inDays} < ${(100 - fullPercent) / 100} * ${capacity}`;
  const counts =
    retention === undefined
      ? ''
      : ` and on (namespace, persistentvolumeclaim) (-deriv(${available}[1d]) * ${retention.seconds}` +
        ` > ${fullPercent / 100} * ${capacity} or ${available} offset ${retention})`;
  const share = (free: string, all: string) =>
    `kubelet_volume_stats_${free}${series} / kubelet_volume_stats_${all}${series} < ${volumeFreePercent / 100}`;
  const perClaim = (expr: string) => `min by (namespace, persistentvolumeclaim) (${expr})`;
  return {
    fillsUp: {
      expr: perClaim(`${fills}${counts}`),
      for: '1h',
      severity: 'warning',
      summary: `The volume ${props.claim} is full within ${volumeFillDays} days, at the trend of the last day`,
      description: consequence,
    },
    nearlyFull: {
      expr: perClaim(`${share('available_bytes', 'capacity_bytes')} or ${share('inodes_free', 'inodes')}`),
      for: '5m',
      severity: 'critical',
      summary: `The volume ${props.claim} has {{ $value | humanizePercentage }} of its bytes or inodes left`,
      description: consequence,
    },
  };
}
