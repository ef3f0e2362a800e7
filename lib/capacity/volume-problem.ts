const GIB = 2 ** 30;

/** A volume, and what it is to hold for how long. */
interface VolumeNeed {
  /** Bytes that it has. */
  readonly size: number;
  /** Hours that data is kept, and the steps in which they can be set. */
  readonly retention: { readonly hours: number; readonly step: number; readonly setting: string };
  /** Bytes that are needed to keep data for some hours. */
  readonly needed: (hours: number) => number;
  /** What it is to hold, in words. */
  readonly load: string;
}

/** The end of "<size> must be …" for a volume that is too small: the size that it needs, or the retention that fits. */
export function volumeProblem({ size, retention, needed, load }: VolumeNeed): string | undefined {
  const { hours, step, setting } = retention;
  if (size >= needed(hours)) return undefined;
  let fitting = Math.floor(hours / step) * step;
  while (fitting > 0 && needed(fitting) > size) fitting -= step;
  const cure = fitting > 0 ? `; or ${setting} at most ${fitting}h` : '';
  return `must be at least ${Math.ceil(needed(hours) / GIB)}Gi for ${load} over ${setting} (${hours}h)${cure}`;
}
