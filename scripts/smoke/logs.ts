import { type Hop, hop, type Mark, request, requestJson, skipped, until } from './hop';

/** URL of a query for the streams since the start of the run. */
export function logQuery(base: string, mark: Mark, query: string): string {
  const parameters = new URLSearchParams({
    query,
    start: String(BigInt(mark.startMs - 60_000) * 1_000_000n),
    end: String(BigInt(Date.now() + 60_000) * 1_000_000n),
    limit: '1',
  });
  return `${base}/loki/api/v1/query_range?${parameters}`;
}

/** Query for the line that the run pushes. */
export const pushedQuery = ({ id }: Mark) => `{job="smoke"} |= "${id}"`;

/** Labels of the first stream of a response; undefined if there is none. */
export function firstStream(answer: unknown): Record<string, string> | undefined {
  const { data } = answer as { data: { result: ReadonlyArray<{ stream: Record<string, string> }> } };
  return data.result[0]?.stream;
}

/**
 * Pushes a line to Loki and queries it, and checks that the agent sends a pod's log.
 *
 * @param agent Name of the agent of the stack; undefined if the operator runs another agent, which has its own labels.
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
        'kubectl logs statefulset/loki: it names the limit that rejects the line',
        async () => {
          await push(loki, mark);
          await until(
            mark,
            async () => firstStream(await requestJson(logQuery(loki, mark, pushedQuery(mark)))),
            'acknowledged but not found',
          );
          return 'the pushed line was found';
        },
      ),
      agent === undefined
        ? skipped('agent: pod to loki', 'logs.agent is none, and your own agent has its own labels')
        : hop(
            'agent: pod to loki',
            'docs/troubleshooting.md#promtail-collects-nothing; requires loki.logLevel info or debug',
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

/**
 * Loki writes every query to its own log, which the agent reads like that of any pod. Therefore no test pod is
 * needed.
 */
async function agentLine(loki: string, mark: Mark): Promise<string> {
  const marker = `${mark.id}-agent`;
  await requestJson(logQuery(loki, mark, `{job="${marker}"}`));
  const query = logQuery(loki, mark, `{container=~".+", job!="smoke"} |= "${marker}"`);
  const stream = await until(
    mark,
    async () => firstStream(await requestJson(query)),
    "no line of Loki's own log arrived",
  );
  return `the log of ${stream['namespace'] ?? '?'}/${stream['pod'] ?? '?'} arrives`;
}
