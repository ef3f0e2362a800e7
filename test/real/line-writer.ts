import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from './loki-client';

const BATCH = 50;

/** Writes numbered lines to one or more Lokis, each batch again and elsewhere until it is acknowledged, as an agent does. */
export class LineWriter {
  /** Lines that a Loki has acknowledged. */
  public acknowledged = 0;
  /** Tries that failed. */
  public failures = 0;
  private running = true;
  private readonly done: Promise<void>;

  constructor(
    private readonly addresses: readonly string[],
    public readonly pod: string,
    private readonly pauseMs = 50,
  ) {
    this.done = this.run();
  }

  /** Waits until the last batch is acknowledged. Returns how many lines are. */
  public async stop(): Promise<number> {
    this.running = false;
    await this.done;
    return this.acknowledged;
  }

  private async run(): Promise<void> {
    const clients = this.addresses.map((address) => new LokiClient(`http://${address}:3100`));
    for (let tries = 0; this.running; ) {
      const now = BigInt(Date.now()) * 1_000_000n;
      const lines = Array.from({ length: BATCH }, (_, index) => ({
        nanoseconds: now + BigInt(index),
        line: `line ${this.acknowledged + index} ${'x'.repeat(180)}`,
      }));
      for (;;) {
        const client = clients[tries++ % clients.length] as LokiClient;
        const took = await client.push({ pod: this.pod, namespace: 'apps' }, lines).then(
          () => true,
          () => false,
        );
        if (took) break;
        this.failures++;
        await sleep(500);
      }
      this.acknowledged += BATCH;
      await sleep(this.pauseMs);
    }
  }
}
