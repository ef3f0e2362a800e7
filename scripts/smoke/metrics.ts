import { type Hop, hop, type Mark, requestJson, Skipped, until } from './hop';

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The series of an instant query. */
export async function query(prometheus: string, promql: string): Promise<readonly Series[]> {
  const answer = await requestJson(`${prometheus}/api/v1/query?${new URLSearchParams({ query: promql })}`);
  return (answer as { data: { result: readonly Series[] } }).data.result;
}

/** Prometheus scrapes every part of the stack. */
export function targetsHop(prometheus: string, mark: Mark, jobs: readonly string[]): Promise<Hop> {
  return hop('prometheus: targets', 'docs/troubleshooting.md#prometheus-does-not-scrape', async () => {
    let down: string[] = [];
    await until(
      mark,
      async () => {
        const up = (await query(prometheus, 'up == 1')).map(({ metric }) => metric['job']);
        down = jobs.filter((job) => !up.includes(job));
        return down.length === 0 ? true : undefined;
      },
      'not up',
    ).catch((error: Error) => {
      throw new Error(
        down.length === 0
          ? error.message
          : `no target is up for ${down.map((job) => `job="${job}"`).join(', ')}`,
      );
    });
    return `up: ${jobs.join(', ')}`;
  });
}

/** Checks that Prometheus counts all spans of this run, including those that sampling drops. */
export function spanMetricsHop(prometheus: string, mark: Mark, sent: number): Promise<Hop> {
  const promql = `sum(traces_spanmetrics_calls_total{service="${mark.id}"})`;
  return hop('prometheus: span metrics', 'docs/troubleshooting.md#span-metrics-stay-empty', async () => {
    if (sent === 0) throw new Skipped('no span of this run was accepted');
    let counted = 0;
    await until(
      mark,
      async () => {
        counted = Number((await query(prometheus, promql))[0]?.value[1] ?? 0);
        return counted >= sent ? true : undefined;
      },
      'too few',
    ).catch((error: Error) => {
      throw new Error(
        error.message === 'too few' ? `${counted} of ${sent} spans were counted` : error.message,
      );
    });
    return `${counted} of ${sent} spans were counted`;
  });
}
