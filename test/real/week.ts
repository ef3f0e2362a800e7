const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** How far back Loki accepts lines, less the time that a run may take. */
export const WEEK_MS = 7 * 24 * HOUR_MS - 2 * HOUR_MS;

/** When the payment provider failed, as minutes before now: how long ago it began, and how long it lasted. */
const INCIDENTS = [
  [42, 9],
  [7 * 60, 25],
  [31 * 60, 50],
  [100 * 60, 80],
] as const;

/** How busy the shop was at a time before now, where 1 is its mean: days and nights, and waves of some minutes. */
export function busy(agoMs: number, nowMs: number): number {
  const hours = (nowMs - agoMs) / HOUR_MS;
  const day = agoMs < 2 * HOUR_MS ? 0 : 0.4 * Math.sin((hours * Math.PI) / 12);
  const minutes = agoMs / MINUTE_MS;
  const waves = Math.sin(minutes / 2.7) + 0.7 * Math.sin(minutes / 1.13) + 0.5 * Math.sin(minutes * 2.3);
  return 1 + day + 0.08 * waves;
}

/** Whether the payment provider failed at a time before now. */
export function inIncident(agoMs: number): boolean {
  return INCIDENTS.some(([ago, minutes]) => agoMs <= ago * MINUTE_MS && agoMs > (ago - minutes) * MINUTE_MS);
}

/** Steps from a week ago until now that are shorter the nearer they are, and as short a day ago, which a panel compares. */
export function* steps(secondsBetween: {
  readonly week: number;
  readonly day: number;
  readonly hour: number;
}): Generator<number> {
  for (let agoMs = WEEK_MS; agoMs > 0; ) {
    yield agoMs;
    const { week, day, hour } = secondsBetween;
    const recent = agoMs <= 1.2 * HOUR_MS || (agoMs > 24 * HOUR_MS && agoMs <= 25.2 * HOUR_MS);
    agoMs -= 1_000 * (recent ? hour : agoMs > 24 * HOUR_MS ? week : day);
  }
}
