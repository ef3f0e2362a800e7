import { type Hop, hop, type Mark, request, requestJson, skipped, until } from './hop';

/** Streams that Loki has of a query, since the run began. */
export function logQuery(base: string, mark: Mark, query: string): string {
  const parameters = new URLSearchParams({
    query,
    start: String(BigInt(mark.startMs - 60_000) * 1_000_000n),
    end: String(BigInt(Date.now() + 60_000) * 1_000_000n),
    limit: '1',
  });
  return `${base}/loki/api/v1/query_range?${parameters}`;
}

/** The only stream of the run's own line. */
export const pushedQuery = ({ id }: Mark) => `{job="smoke"} |= "${id}"`;

/** Labels of the first stream of an answer; undefined where there is none. */
export function firstStream(answer: unknown): Record<string, string> | undefined {
  const { data } = answer as { data: { result: ReadonlyArray<{ stream: Record<string, string> }> } };
  return data.result[0]?.stream;
}

/**
 * Loki takes a line and gives it back; the agent sends what a pod writes.
 *
 * @param agent Name of the agent of the stack; undefined where the operator runs another one, with labels of its own.
 */
export async function logHops(loki: string, mark: Mark, agent: string | undefined): Promise<Hop[]> {
  const ready = await hop(
    'loki: ready',
    'kubectl describe pod -l app=loki: docs/troubleshooting.md#loki-does-not-start',
    async () => (await request(`${loki}/ready`)).trim(),
  );
  return [
    ready,
    ...(await Promise.all([
      hop(
        'loki: push, read back',
        'kubectl logs statefulset/loki: it says which limit refuses the line',
        async () => {
          await push(loki, mark);
          await until(
            mark,
            async () => firstStream(await requestJson(logQuery(loki, mark, pushedQuery(mark)))),
            'acknowledged, and not found',
          );
          return 'a line that was pushed is found';
        },
      ),
      agent === undefined
        ? skipped('agent: pod to loki', 'logs.agent is none, and your own agent has its own labels')
        : hop(
            'agent: pod to loki',
            'docs/troubleshooting.md#promtail-collects-nothing; it needs loki.logLevel info or debug',
            () => agentLine(loki, mark),
          ),
    ])),
  ];
}

async function push(loki: string, { id, startMs }: Mark): Promise<void> {
  const values = [[String(BigInt(startMs) * 1_000_000n), `smoke test ${id}`]];
  await request(`${loki}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { job: 'smoke' }, values }] }),
  });
}

/** Loki writes every query into its own log, which the agent reads as that of any pod: no pod has to be started. */
async function agentLine(loki: string, mark: Mark): Promise<string> {
  const marker = `${mark.id}-agent`;
  await requestJson(logQuery(loki, mark, `{job="${marker}"}`));
  const query = logQuery(loki, mark, `{container=~".+", job!="smoke"} |= "${marker}"`);
  const stream = await until(
    mark,
    async () => firstStream(await requestJson(query)),
    'no line of the log of Loki itself arrived',
  );
  return `the log of ${stream['namespace'] ?? '?'}/${stream['pod'] ?? '?'} arrives`;
}
