import type { Duration } from '../kubernetes/duration';
import type { UnnamedAlert } from './prometheus-rule';
import type { AlertThresholds } from './settings';

/** Properties of {@link volumeAlerts}. */
export interface VolumeAlertsProps {
  /** Namespace and name of the PersistentVolumeClaim. */
  readonly namespace: string;
  readonly claim: string;
  /** A regular expression for the names of the claims, if there are several. @default only that of `claim` */
  readonly claims?: string;
  readonly thresholds: AlertThresholds;
  /** Percentage of used space at which the component stops writing. @default 100 */
  readonly fullPercent?: number;
  /** Time after which the component deletes its data; undefined if its data does not grow with time. */
  readonly retention?: Duration;
  /** What happens when the volume is full, in one sentence. */
  readonly consequence: string;
}

const DAY_SECONDS = 86_400;

/**
 * Alerts before a volume is full: days in advance, by its trend, and when few bytes or inodes are left.
 *
 * A new store grows until its retention period starts to delete data. Until then the trend counts only if it would
 * also fill the volume within one retention period; afterwards it always counts.
 *
 * @see https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export function volumeAlerts(props: VolumeAlertsProps): Record<'fillsUp' | 'nearlyFull', UnnamedAlert> {
  const { thresholds, fullPercent = 100, retention, consequence } = props;
  const { volumeFillDays, volumeFreePercent } = thresholds;
  const named = props.claims === undefined ? `="${props.claim}"` : `=~"${props.claims}"`;
  const series = `{namespace="${props.namespace}",persistentvolumeclaim${named}}`;
  const name = props.claims === undefined ? props.claim : '{{ $labels.persistentvolumeclaim }}';
  const [available, capacity] = ['available_bytes', 'capacity_bytes'].map(
    (name) => `kubelet_volume_stats_${name}${series}`,
  );
  // Over one day, because logs and traces follow a daily cycle; a shorter trend reflects only the time of day.
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
      summary: `The volume ${name} will be full within ${volumeFillDays} days, at the trend of the last day`,
      description: consequence,
    },
    nearlyFull: {
      expr: perClaim(`${share('available_bytes', 'capacity_bytes')} or ${share('inodes_free', 'inodes')}`),
      for: '5m',
      severity: 'critical',
      summary: `The volume ${name} has {{ $value | humanizePercentage }} of its bytes or inodes left`,
      description: consequence,
    },
  };
}
