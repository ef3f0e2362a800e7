import { setTimeout as sleep } from 'node:timers/promises';
import { LoggingContainer } from './kubelet';
import { LokiClient } from './loki-client';
import type { Report } from './report';
import type { Stack } from './stack';

const BATCHES_PER_SECOND = 10;

/** A container that writes numbered lines until it is told to stop. */
export class NumberedLoad {
  private written = 0;
  private readonly since = Date.now();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    public readonly pod: string,
    private readonly container: LoggingContainer,
    private readonly linesPerSecond: number,
  ) {
    this.timer = setInterval(() => this.write(), 1_000 / BATCHES_PER_SECOND);
  }

  public static async start(stack: Stack, pod: string, linesPerSecond = 100): Promise<NumberedLoad> {
    const container = await LoggingContainer.create(stack.api, stack.podLogs, pod);
    return new NumberedLoad(pod, container, linesPerSecond);
  }

  /** Stops writing; returns the number of lines. */
  public stop(): number {
    clearInterval(this.timer);
    return this.written;
  }

  public rotate(): void {
    this.container.rotate();
  }

  /** How many of the lines are missing in Loki, and how many are there more than once. */
  public async settledLoss(
    stack: Stack,
    seconds = 60,
    labels = '',
  ): Promise<{ lost: number; doubled: number }> {
    const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const found = await loki.entries(`{pod="${this.pod}"${labels}}`, this.since);
      const numbers = found.map(({ line }) => Number(line.split(' ')[1]));
      const different = new Set(numbers).size;
      const lost = this.written - different;
      if (lost === 0 || Date.now() > deadline) return { lost, doubled: numbers.length - different };
      await sleep(1_000);
    }
  }

  private write(): void {
    const lines = Array.from({ length: this.linesPerSecond / BATCHES_PER_SECOND }, () => ({
      stream: 'stdout' as const,
      line: `line ${this.written++} of ${this.pod} ${'x'.repeat(180)}`,
    }));
    this.container.write(lines);
  }
}

/** Stops loads, and reports what arrived of their lines. */
export async function reportLoads(
  loads: readonly NumberedLoad[],
  {
    stack,
    report,
    what,
    mayLose = 0,
    mayDouble = 0,
  }: {
    stack: Stack;
    report: Report;
    what: (pod: string) => string;
    /** Lines of each load. */
    mayLose?: number;
    mayDouble?: number;
  },
): Promise<void> {
  const written = loads.map((load) => load.stop());
  for (const [index, load] of loads.entries()) {
    const { lost, doubled } = await load.settledLoss(stack);
    report.figure(`${what(load.pod)}: lost of ${written[index]} lines`, lost, lost <= mayLose);
    report.figure(`${what(load.pod)}: doubled`, doubled, doubled <= mayDouble);
  }
}
