import { type Hop, hop, type Mark, request, requestJson, skipped, until } from './hop';

const MINUTE_MS = 60_000;

/** URL of a query for the streams since a minute before the start of the run, or longer. */
export function logQuery(base: string, mark: Mark, query: string, beforeMs = MINUTE_MS): string {
  const parameters = new URLSearchParams({
    query,
    start: String(BigInt(mark.startMs - beforeMs) * 1_000_000n),
    end: String(BigInt(Date.now() + MINUTE_MS) * 1_000_000n),
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
 * Pushes a line to Loki and queries it, and checks that the agent sends a pod's log, and that events arrive.
 *
 * @param agent Name of the agent of the stack; undefined if the operator runs another agent, which has its own labels.
 * @param hasEvents Whether the stack collects Kubernetes events.
 */
export async function logHops(
  loki: string,
  mark: Mark,
  agent: string | undefined,
  hasEvents = false,
): Promise<Hop[]> {
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
      ...(hasEvents
        ? [
            hop(
              'events: API server to loki',
              'kubectl logs deployment/event-collector; lib/kubernetes-events/runbook.md',
              () => recentEvent(loki, mark),
            ),
          ]
        : []),
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

/** A cluster in which nothing happens for a day does not exist: a pod of this stack alone leads to four events. */
async function recentEvent(loki: string, mark: Mark): Promise<string> {
  const query = () => logQuery(loki, mark, '{app="kubernetes-events"}', 24 * 60 * MINUTE_MS);
  const stream = await until(
    mark,
    async () => firstStream(await requestJson(query())),
    'no event of the last 24 hours was found',
  );
  return `an event of the namespace ${stream['namespace'] ?? '?'} was found`;
}
