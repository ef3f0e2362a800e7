import { dashboardsOf, panelsOf } from '../support/dashboards';
import type { Manifest } from '../support/render';
import type { Prometheus } from './prometheus';

/** What came of one query of a panel. */
export interface Answer {
  readonly dashboard: string;
  readonly panel: string;
  /** The query, as it was asked. */
  readonly query: string;
  /** Labels of each series, stream or trace, of which a table makes its columns. */
  readonly rows: ReadonlyArray<Readonly<Record<string, string>>>;
  /** What the program said of the query, where it refused it. */
  readonly error?: string;
}

/** What Grafana puts in the place of its own variables. */
const INTERVALS: Record<string, string> = {
  __auto: '1m',
  __interval: '1m',
  __rate_interval: '30s',
  __range: '10m',
};

/** Asks what the panels of dashboards ask, as Grafana would. */
export class PanelReader {
  constructor(private readonly programs: { prometheus: Prometheus; loki: string; tempo: string }) {}

  /** Every query of every panel, one after the other; of several queries of a panel, the fullest answer. */
  public async read(objects: readonly Manifest[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const dashboard of dashboardsOf(objects)) {
      // One trace is shown by its id, which a person has to choose first.
      for (const panel of panelsOf(dashboard).filter(({ type }) => type !== 'traces')) {
        const tried: Answer[] = [];
        for (const target of panel.targets) {
          for (const text of queriesOf(target)) {
            const query = resolved(text, dashboard);
            const answer = { dashboard: dashboard.title, panel: panel.title, query };
            tried.push({ ...answer, ...(await this.ask(target, query)) });
          }
        }
        const answer = tried.find(({ error }) => error !== undefined) ?? fullest(tried);
        answers.push({ ...answer, ...lackedColumns(answer, panel) });
      }
    }
    return answers;
  }

  private async ask(target: Manifest, query: string): Promise<Said> {
    try {
      return { rows: await this.answers(target, query) };
    } catch (error) {
      return { rows: [], error: (error as Error).message };
    }
  }

  /** The labels of each series, stream or trace. */
  private async answers(target: Manifest, query: string): Promise<Answer['rows']> {
    const { prometheus, loki, tempo } = this.programs;
    if (target.queryType === 'serviceMap' || target.datasource.type === 'prometheus')
      return (await prometheus.query(query)).map(({ labels }) => labels);
    const now = Math.floor(Date.now() / 1000);
    const range = { start: String(now - 600), end: String(now) };
    if (target.datasource.type === 'loki') {
      const answer =
        target.queryType === 'instant'
          ? await get(`http://${loki}:3100/loki/api/v1/query`, { query, time: String(now) })
          : await get(`http://${loki}:3100/loki/api/v1/query_range`, { query, ...range, step: '60' });
      return answer.data.result.map(({ metric, stream }: Manifest) => metric ?? stream);
    }
    if (target.tableType)
      return (await get(`http://${tempo}:3100/api/search`, { q: query, ...range })).traces;
    const answer =
      target.metricsQueryType === 'instant'
        ? await get(`http://${tempo}:3100/api/metrics/query`, { q: query, ...range })
        : await get(`http://${tempo}:3100/api/metrics/query_range`, { q: query, ...range, step: '60s' });
    return answer.series ?? [];
  }
}

type Said = Pick<Answer, 'rows' | 'error'>;

/** The queries of a target: one, but for the service graph, which has two filters of the same metric. */
export function queriesOf({ queryType, serviceMapQuery, expr, query }: Manifest): string[] {
  if (queryType !== 'serviceMap') return [expr ?? query];
  return serviceMapQuery.map((calls: string) => `traces_service_graph_request_total${calls}`);
}

/** What is wrong with an answer that lacks columns of its table. */
function lackedColumns({ rows: [row] }: Answer, { transformations = [] }: Manifest): Partial<Answer> {
  const { options } = transformations.find(({ id }: Manifest) => id === 'filterFieldsByName') ?? {};
  const names: string[] = options?.include.names ?? [];
  const lacked = names.filter((name) => row && !name.startsWith('Value') && !(name in row));
  return lacked.length > 0 ? { error: `no column ${lacked.join(', ')}` } : {};
}

/**
 * The query with a value for each variable: all where there is "all", and the text that a person begins with.
 *
 * @param intervals Values of Grafana's own variables. @default those of ten minutes
 */
export function resolved(
  query: string,
  dashboard: Manifest,
  intervals: Readonly<Record<string, string>> = INTERVALS,
): string {
  const values = Object.fromEntries(
    dashboard.templating.list.map(({ name, allValue, current }: Manifest) => [
      name,
      allValue ?? current.value,
    ]),
  );
  return query.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (found, braced, bare) => {
    const name = braced ?? bare;
    return intervals[name] ?? values[name] ?? found;
  });
}

const fullest = (answers: readonly Answer[]) =>
  answers.reduce((best, answer) => (answer.rows.length > best.rows.length ? answer : best));

/** What a program answers; throws with what it says against the query. */
export async function get(url: string, parameters: Record<string, string>): Promise<Manifest> {
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
