import { setTimeout as sleep } from 'node:timers/promises';
import { LoggingContainer, type RunningPod } from './kubelet';
import type { LokiClient } from './loki-client';
import type { Stack } from './stack';

/** A container that writes a line a second, and how long each takes to get to Loki. */
export class QuietContainer {
  private written = 0;
  private readonly seen = new Map<string, number>();
  private readonly since = Date.now();
  private stopped = false;
  private readonly watching: Promise<void>;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly container: LoggingContainer,
    private readonly loki: LokiClient,
    private readonly selector: string,
  ) {
    this.timer = setInterval(() => this.write(), 1_000);
    this.watching = this.watch();
  }

  public static async create(
    stack: Stack,
    name: string,
    loki: LokiClient,
    pod: RunningPod = {},
  ): Promise<QuietContainer> {
    const container = await LoggingContainer.create(stack.api, stack.podLogs, name, pod);
    return new QuietContainer(container, loki, `{pod="${name}"}`);
  }

  /** Stops writing, and waits for what is under way: at most so many seconds. */
  public async stop(seconds: number): Promise<{ written: number; lost: number; slowestSeconds: number }> {
    clearInterval(this.timer);
    const deadline = Date.now() + seconds * 1_000;
    while (this.seen.size < this.written && Date.now() < deadline) await sleep(500);
    this.stopped = true;
    await this.watching;
    const slowest = Math.max(0, ...this.seen.values());
    return {
      written: this.written,
      lost: this.written - this.seen.size,
      slowestSeconds: Math.round(slowest / 100) / 10,
    };
  }

  private write(): void {
    this.container.write([{ stream: 'stdout', line: `quiet ${this.written++}` }]);
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      // Loki is not ready at first.
      const entries = await this.loki.entries(this.selector, this.since).catch(() => []);
      for (const { line, nanoseconds } of entries) {
        if (!this.seen.has(line)) this.seen.set(line, Date.now() - Number(nanoseconds / 1_000_000n));
      }
      await sleep(500);
    }
  }
}
