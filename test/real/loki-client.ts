import { setTimeout as sleep } from 'node:timers/promises';

/** A log entry as Loki gives it back. */
export interface Entry {
  readonly nanoseconds: bigint;
  readonly line: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const PAGE = 5_000;

/** Asks Loki by its HTTP API. */
export class LokiClient {
  constructor(private readonly url: string) {}

  /** Every entry of a selector since a time, oldest first, page by page. */
  public async entries(selector: string, sinceMs: number): Promise<Entry[]> {
    const found: Entry[] = [];
    let start = BigInt(sinceMs) * 1_000_000n;
    for (;;) {
      const page = await this.page(selector, start);
      const last = page.at(-1)?.nanoseconds;
      // Entries of the last nanosecond are asked for again with the next page: there may be more of them.
      const whole = page.length < PAGE ? page : page.filter(({ nanoseconds }) => nanoseconds !== last);
      found.push(...whole);
      if (page.length < PAGE || last === undefined) return found;
      if (whole.length === 0) throw new Error(`more than ${PAGE} entries of one nanosecond`);
      start = last;
    }
  }

  /** Waits until a selector has that many entries, or no more come. */
  public async settled(
    selector: string,
    sinceMs: number,
    expected: number,
    seconds: number,
  ): Promise<Entry[]> {
    const deadline = Date.now() + seconds * 1000;
    let entries = await this.entries(selector, sinceMs);
    while (entries.length < expected && Date.now() < deadline) {
      await sleep(1_000);
      entries = await this.entries(selector, sinceMs);
    }
    return entries;
  }

  /** How many lines of a selector Loki has, of so many hours. */
  public async count(selector: string, hours = 1): Promise<number> {
    const query = `sum(count_over_time(${selector}[${hours}h]))`;
    const time = String(Math.ceil(Date.now() / 1000) + 60);
    const response = await fetch(`${this.url}/loki/api/v1/query?${new URLSearchParams({ query, time })}`);
    if (!response.ok) throw new Error(`query: ${response.status} ${await response.text()}`);
    const { data } = (await response.json()) as { data: { result: Array<{ value: [number, string] }> } };
    return Number(data.result[0]?.value[1] ?? 0);
  }

  /** Sends lines of one stream; throws unless Loki acknowledges them. */
  public async push(
    labels: Record<string, string>,
    lines: ReadonlyArray<{ nanoseconds: bigint; line: string; metadata?: Readonly<Record<string, string>> }>,
  ): Promise<void> {
    const values = lines.map(({ nanoseconds, line, metadata }) => [
      String(nanoseconds),
      line,
      metadata ?? {},
    ]);
    const body = JSON.stringify({ streams: [{ stream: labels, values }] });
    const response = await fetch(`${this.url}/loki/api/v1/push`, {
      method: 'POST',
      // As an agent does, which then tries again.
      signal: AbortSignal.timeout(15_000),
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    if (response.status !== 204) throw new Error(`push: ${response.status} ${text.slice(0, 300)}`);
  }

  private async page(selector: string, start: bigint): Promise<Entry[]> {
    const end = BigInt(Date.now() + 60_000) * 1_000_000n;
    const query = new URLSearchParams({
      query: selector,
      start: String(start),
      end: String(end),
      limit: String(PAGE),
      direction: 'forward',
    });
    const headers = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };
    const response = await fetch(`${this.url}/loki/api/v1/query_range?${query}`, { headers });
    if (!response.ok) throw new Error(`query_range: ${response.status} ${await response.text()}`);
    const { data } = (await response.json()) as {
      data: { result: Array<{ stream: Record<string, string>; values: Value[] }> };
    };
    const entries = data.result.flatMap(({ stream, values }) =>
      values.map(([time, line, extra]) => ({
        nanoseconds: BigInt(time),
        line,
        labels: stream,
        metadata: extra?.structuredMetadata ?? {},
      })),
    );
    return entries.sort((a, b) =>
      a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0,
    );
  }
}

type Value = [time: string, line: string, extra?: { structuredMetadata?: Record<string, string> }];
