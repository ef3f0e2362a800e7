/** One thing that was seen, with its figure. */
export interface Figure {
  readonly scenario: string;
  readonly what: string;
  readonly value: string;
  readonly ok: boolean;
}

/** One thing that could not be run. */
export interface NotRun {
  readonly scenario: string;
  /** What it is, and why. */
  readonly what: string;
}

/** Collects what the scenarios see, and prints it as it comes. */
export class Report {
  public readonly figures: Figure[] = [];
  public readonly notRun: NotRun[] = [];
  private scenario = '';

  /** All that follows belongs to this scenario. */
  public begin(scenario: string): void {
    this.scenario = scenario;
    print(`\n${scenario}`);
  }

  /** Something that was measured. */
  public figure(what: string, value: string | number, ok = true): void {
    this.figures.push({ scenario: this.scenario, what, value: String(value), ok });
    print(`  ${ok ? 'ok  ' : 'FAIL'} ${what}: ${value}`);
  }

  /** Two values that have to be the same. */
  public equal(what: string, seen: unknown, expected: unknown): void {
    const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
    this.figure(what, a === b ? a : `${a}, expected ${b}`, a === b);
  }

  /** A count that chance leaves within bounds, in 99.9 % of all runs. */
  public within(what: string, seen: number, [least, most]: readonly [number, number]): void {
    this.figure(`${what} (99.9 % interval ${least} to ${most})`, seen, seen >= least && seen <= most);
  }

  /** Something that could not be run here. Never silent: a run that skips must not look like one that passed. */
  public skip(what: string, why: string): void {
    this.notRun.push({ scenario: this.scenario, what: `${what}: ${why}` });
    print(`  NOT RUN ${what}: ${why}`);
  }

  public get failed(): readonly Figure[] {
    return this.figures.filter(({ ok }) => !ok);
  }
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
