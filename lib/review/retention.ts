import { formatBytes } from '../kubernetes/format-amount';
import type { ConfigFinding, ConfigVersions } from './component-review';
import { span } from './words';

/** A store that deletes data after a retention period. */
interface Retention {
  /** Names of the rules. */
  readonly shorter: string;
  readonly longer: string;
  /** The kept data: `logs`, `traces`. */
  readonly what: string;
  /** Seconds; infinite if data is never deleted. */
  readonly old: number;
  readonly new: number;
  readonly paths: readonly string[];
}

/** Effect of a changed retention: it deletes older data, or needs more space. */
export function retentionFindings(retention: Retention, { volume }: ConfigVersions): ConfigFinding[] {
  const { shorter, longer, what, old, new: next, paths } = retention;
  if (old === next) return [];
  const time = (seconds: number) => (Number.isFinite(seconds) ? `for ${span(seconds)}` : 'indefinitely');
  const says = `${what} are kept ${time(next)} instead of ${time(old)}`;
  if (next > old)
    return [{ effect: 'capacity', rule: longer, says: `${says}${roomFor(next / old, old, volume)}`, paths }];
  const deleted = `${says}: older ones are deleted within about 2 hours`;
  return [{ effect: 'data-loss', rule: shorter, says: deleted, paths }];
}

/** Whether a volume has space for this multiple of the data that may be on it today. */
function roomFor(times: number, old: number, volume: ConfigVersions['volume']): string {
  if (volume === undefined) return '';
  const size = formatBytes(volume.new);
  if (!Number.isFinite(times)) return `: the volume of ${size} fills up sooner or later`;
  const need = Math.ceil((volume.old * times) / 2 ** 30) * 2 ** 30;
  const more = `up to +${formatBytes(need - volume.old)}`;
  return need <= volume.new
    ? `: ${more}, which the volume of ${size} holds`
    : `: ${more}; the volume of ${size} is too small if ${span(old)} fill ${formatBytes(volume.old)} today`;
}
