import { bytes, span } from '../units';
import type { ConfigFinding, ConfigVersions } from './config';

/** A store whose data is deleted after a while. */
export interface Retention {
  readonly rule: string;
  /** What is kept: `logs`, `traces`. */
  readonly what: string;
  /** Seconds; infinite where nothing is ever deleted. */
  readonly old: number;
  readonly new: number;
  /** When data that is too old is gone: `within about 2 hours`. */
  readonly deletedWithin: string;
  readonly source: string;
  readonly paths: readonly string[];
}

/** What a change of a retention does: it deletes what is older, or needs room for more. */
export function retentionFinding(retention: Retention, { volume }: ConfigVersions): ConfigFinding[] {
  const { rule, what, old, new: next, source, paths } = retention;
  if (old === next) return [];
  const kept = (seconds: number) => (Number.isFinite(seconds) ? span(seconds) : 'for ever');
  const title = `${what} are kept ${kept(next)} instead of ${kept(old)}`;
  if (next < old)
    return [
      {
        effect: 'data-loss',
        rule: `${rule}-shorter`,
        title: `${title}: those that are older are deleted ${retention.deletedWithin} after the restart`,
        reason: 'The daemon deletes what is older than its retention; nothing brings it back.',
        source,
        steps: [
          `if somebody may need older ${what}: take a snapshot of the volume${volume ? ` of claim ${volume.name}` : ''} first (VolumeSnapshot, or a snapshot of the disk)`,
          'apply, and look whether the volume gets emptier',
        ],
        paths,
      },
    ];
  return [
    {
      effect: 'capacity',
      rule: `${rule}-longer`,
      title: `${title}${roomFor(next / old, retention, volume)}`,
      reason:
        'Data grows in proportion to its retention. What was deleted before does not come back; the volume fills up over the new time.',
      source,
      paths,
    },
  ];
}

/** Whether a volume holds as many times the data that may be on it today. */
function roomFor(times: number, { old }: Retention, volume: ConfigVersions['volume']): string {
  if (volume === undefined) return '';
  if (!Number.isFinite(times)) return `: the volume of ${bytes(volume.new)} fills up sooner or later`;
  const need = volume.old * times;
  const more = `up to +${bytes(need - volume.old)}`;
  return need <= volume.new
    ? `: ${more}, which the volume of ${bytes(volume.new)} holds`
    : `: ${more}; the volume of ${bytes(volume.new)} will not hold it if ${span(old)} fill ${bytes(volume.old)} today`;
}
