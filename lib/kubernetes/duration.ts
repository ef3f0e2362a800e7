const UNIT_SECONDS = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** What a duration looks like in a values file: `7d`, `168h`, `1h30m`. */
export const DURATION_PATTERN = /^(?=\d)(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?$/;

/** A length of time. It carries its unit, so that no number has to in its name. */
export class Duration {
  private constructor(public readonly seconds: number) {}

  /** Reads `7d`, `168h` or `1h30m`; undefined for anything else, zero included. */
  public static parse(text: string): Duration | undefined {
    if (!DURATION_PATTERN.test(text)) return undefined;
    let seconds = 0;
    for (const [, count, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
      seconds += Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
    }
    return Number.isSafeInteger(seconds) && seconds > 0 ? new Duration(seconds) : undefined;
  }

  /**
   * An hour more. A query of exactly a limit is a little longer than it once its
   * ends are aligned to its step.
   */
  public get longerByAnHour(): Duration {
    return new Duration(this.seconds + UNIT_SECONDS.h);
  }

  /**
   * The duration as Go writes it, in the largest of hours, minutes and seconds that leaves no rest.
   * Never in days: Tempo reads durations with Go's `time.ParseDuration`, which has none.
   */
  public toString(): string {
    if (this.seconds % UNIT_SECONDS.h === 0) return `${this.seconds / UNIT_SECONDS.h}h`;
    if (this.seconds % UNIT_SECONDS.m === 0) return `${this.seconds / UNIT_SECONDS.m}m`;
    return `${this.seconds}s`;
  }
}
