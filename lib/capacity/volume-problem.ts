import type { Duration } from '../kubernetes/duration';

const GIB = 2 ** 30;
const HOUR_SECONDS = 3_600;

/** A volume, what it stores, and for how long. */
interface VolumeNeed {
  /** Size of the volume in bytes. */
  readonly size: number;
  /** Retention, the step in hours in which it can be set, and the name of the setting. */
  readonly retention: { readonly time: Duration; readonly stepHours: number; readonly setting: string };
  /** Bytes required to keep data for a number of hours. */
  readonly needed: (hours: number) => number;
  /** Description of the load. */
  readonly load: string;
}

/**
 * The end of "<size> must be …" for a volume that is too small: the required size, or the retention that fits. A
 * retention below a third of the configured one is not suggested.
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

/** Hours in the unit that the user wrote: days after `7d`, if they are whole. */
function inUnitOf({ written }: Duration, hours: number): string {
  return /[dw]$/.test(written) && hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}
