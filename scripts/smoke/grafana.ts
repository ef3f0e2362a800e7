import { type Hop, HttpError, hop, type Mark, requestJson, skipped, until } from './hop';
import { firstStream, logQuery, pushedQuery } from './logs';
import { traceUrl } from './traces';

/** How Grafana is asked: with a token of a service account, or as a user. */
export function grafanaLogin({
  GRAFANA_TOKEN,
  GRAFANA_USER = 'admin',
  GRAFANA_PASSWORD,
}: NodeJS.ProcessEnv): string | undefined {
  if (GRAFANA_TOKEN) return `Bearer ${GRAFANA_TOKEN}`;
  if (!GRAFANA_PASSWORD) return undefined;
  return `Basic ${Buffer.from(`${GRAFANA_USER}:${GRAFANA_PASSWORD}`).toString('base64')}`;
}

/** Grafana reaches both stores through its datasources; the traces of the run are in Tempo by now. */
export function grafanaHops(
  grafana: string,
  login: string | undefined,
  mark: Mark,
  found: readonly string[],
): Promise<Hop[]> {
  const names = ['grafana: Loki', 'grafana: Tempo'] as const;
  if (login === undefined)
    return Promise.resolve(
      names.map((name) =>
        skipped(name, 'no login: set GRAFANA_PASSWORD (and GRAFANA_USER) or GRAFANA_TOKEN'),
      ),
    );
  const proxy = (uid: string) => `${grafana}/api/datasources/proxy/uid/${uid}`;
  const ask = (url: string) =>
    requestJson(url, { headers: { authorization: login, accept: 'application/json' } }).catch(
      (error: Error) => {
        throw error instanceof HttpError ? new Error(reason(error)) : error;
      },
    );
  const cure = 'docs/troubleshooting.md#grafana-shows-no-datasource';
  const [traceId] = found;
  return Promise.all([
    hop(names[0], cure, async () => {
      await until(
        mark,
        async () => firstStream(await ask(logQuery(proxy('loki'), mark, pushedQuery(mark)))),
        'the pushed line is not found',
      );
      return 'the pushed line is found through the datasource of uid loki';
    }),
    traceId === undefined
      ? Promise.resolve(skipped(names[1], 'no trace of this run is in Tempo'))
      : hop(names[1], cure, async () => {
          await until(mark, () => ask(traceUrl(proxy('tempo'), traceId)), 'the trace is not found');
          return `trace ${traceId} is found through the datasource of uid tempo`;
        }),
  ]);
}

/** What a refusal of Grafana means. */
function reason({ status, message }: HttpError): string {
  if (status === 401 || status === 403) return `Grafana refuses the login: ${message}`;
  if (status === 404) return `Grafana has no datasource of that uid: ${message}`;
  if (status === 502 || status === 504)
    return `Grafana does not reach the address of the datasource: ${message}`;
  return message;
}
