const UNIT_SECONDS: Readonly<Record<string, number>> = {
  y: 31_536_000,
  w: 604_800,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};
const PART = /(\d+(?:\.\d+)?)(ms|us|µs|ns|y|w|d|h|m|s)/g;
const WHOLE = new RegExp(`^(?:${PART.source})+$`);

/** A duration. It carries its unit, so names of numbers need none. */
export class Duration {
  private constructor(
    public readonly seconds: number,
    /** The string as written, for messages. */
    public readonly written: string,
  ) {}

  /**
   * Parses durations of Go and Prometheus, such as `168h`, `7d`, `1h30m` and `0`. Returns undefined for anything
   * else.
   */
  public static parse(text: string): Duration | undefined {
    if (text === '0') return new Duration(0, text);
    if (!WHOLE.test(text)) return undefined;
    let seconds = 0;
    for (const [, count, unit = ''] of text.matchAll(PART))
      seconds += Number(count) * (UNIT_SECONDS[unit] ?? 0);
    return seconds <= Number.MAX_SAFE_INTEGER ? new Duration(seconds, text) : undefined;
  }

  /**
   * The duration in Go syntax, in the largest of hours, minutes and seconds that divides it. Never in days: Tempo
   * parses durations with Go's `time.ParseDuration`, which does not support days.
   */
  public toString(): string {
    if (this.seconds % 3_600 === 0) return `${this.seconds / 3_600}h`;
    if (this.seconds % 60 === 0) return `${this.seconds / 60}m`;
    return `${this.seconds}s`;
  }
}
