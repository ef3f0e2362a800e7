import { type Hop, HttpError, hop, type Mark, requestJson, skipped, until } from './hop';
import { firstStream, logQuery, pushedQuery } from './logs';
import { traceUrl } from './traces';

/** The Authorization header for Grafana: a service account token, or a user and password. */
export function grafanaLogin({
  GRAFANA_TOKEN,
  GRAFANA_USER = 'admin',
  GRAFANA_PASSWORD,
}: NodeJS.ProcessEnv): string | undefined {
  if (GRAFANA_TOKEN) return `Bearer ${GRAFANA_TOKEN}`;
  if (!GRAFANA_PASSWORD) return undefined;
  return `Basic ${Buffer.from(`${GRAFANA_USER}:${GRAFANA_PASSWORD}`).toString('base64')}`;
}

/** Queries both stores through Grafana's datasources. The traces of this run are already in Tempo. */
export function grafanaHops(
  grafana: string,
  login: string | undefined,
  mark: Mark,
  { found, hasLoki }: { found: readonly string[]; hasLoki: boolean },
): Promise<Hop[]> {
  const names = ['grafana: Loki', 'grafana: Tempo'] as const;
  if (login === undefined)
    return Promise.resolve(
      names.map((name) =>
        skipped(name, 'no login: set GRAFANA_PASSWORD (and GRAFANA_USER) or GRAFANA_TOKEN'),
      ),
    );
  const proxy = (uid: string) => `${grafana}/api/datasources/proxy/uid/${uid}`;
  const query = (url: string) =>
    requestJson(url, { headers: { authorization: login, accept: 'application/json' } }).catch(
      (error: Error) => {
        throw error instanceof HttpError ? new Error(reason(error)) : error;
      },
    );
  const fix = 'docs/troubleshooting.md#grafana-shows-no-datasource';
  const [traceId] = found;
  return Promise.all([
    hasLoki
      ? hop(names[0], fix, async () => {
          await until(
            mark,
            async () => firstStream(await query(logQuery(proxy('loki'), mark, pushedQuery(mark)))),
            'the pushed line was not found',
          );
          return 'the pushed line was found through the datasource with uid loki';
        })
      : Promise.resolve(skipped(names[0], 'the stack has no Loki')),
    traceId === undefined
      ? Promise.resolve(skipped(names[1], 'no trace of this run is in Tempo'))
      : hop(names[1], fix, async () => {
          await until(mark, () => query(traceUrl(proxy('tempo'), traceId)), 'the trace was not found');
          return `trace ${traceId} was found through the datasource with uid tempo`;
        }),
  ]);
}

/** Explains why Grafana rejected a request. */
function reason({ status, message }: HttpError): string {
  if (status === 401 || status === 403) return `Grafana rejected the login: ${message}`;
  if (status === 404) return `Grafana has no datasource with this uid: ${message}`;
  if (status === 502 || status === 504) return `Grafana cannot reach the datasource: ${message}`;
  return message;
}
