import type { Duration } from '../kubernetes/duration';

const GIB = 2 ** 30;
const HOUR_SECONDS = 3_600;

/** A volume, and what it stores for how long. */
interface VolumeNeed {
  /** Size of the volume in bytes. */
  readonly size: number;
  /** How long data is kept, the steps in hours in which that can be set, and the setting. */
  readonly retention: { readonly time: Duration; readonly stepHours: number; readonly setting: string };
  /** Bytes that are required to keep data for some hours. */
  readonly needed: (hours: number) => number;
  /** The load, in words. */
  readonly load: string;
}

/**
 * The end of "<size> must be …" for a volume that is too small: the size that it needs, or the retention that fits. A
 * retention of less than a third of the wanted one is not offered.
 */
export function volumeProblem({ size, retention, needed, load }: VolumeNeed): string | undefined {
  const { time, stepHours, setting } = retention;
  const hours = time.seconds / HOUR_SECONDS;
  if (size >= needed(hours)) return undefined;
  let fitting = Math.floor(hours / stepHours) * stepHours;
  while (fitting > 0 && needed(fitting) > size) fitting -= stepHours;
  const shorter = 3 * fitting >= hours ? `; or ${setting} at most ${inUnitOf(time, fitting)}` : '';
  return `must be at least ${Math.ceil(needed(hours) / GIB)}Gi for ${load} over ${setting} (${time.written})${shorter}`;
}

/** Hours in the unit that a person chose: days after `7d`, where they are whole. */
function inUnitOf({ written }: Duration, hours: number): string {
  return /[dw]$/.test(written) && hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}
