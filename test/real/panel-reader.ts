import type { Manifest } from '../support/render';
import type { Prometheus } from './prometheus';

/** What came of one query of a panel. */
export interface Answer {
  readonly dashboard: string;
  readonly panel: string;
  /** The query, as it was asked. */
  readonly query: string;
  /** Series, or lines, or traces. */
  readonly series: number;
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
      for (const panel of dashboard.panels.filter(({ targets }: Manifest) => targets)) {
        const tried: Answer[] = [];
        for (const target of panel.targets) {
          const query = resolved(target.expr ?? target.query ?? '', dashboard);
          const answer = { dashboard: dashboard.title, panel: panel.title, query };
          tried.push({ ...answer, ...(await this.ask(target, query)) });
        }
        answers.push(tried.find(({ error }) => error !== undefined) ?? fullest(tried));
      }
    }
    return answers;
  }

  private async ask(target: Manifest, query: string): Promise<{ series: number; error?: string }> {
    try {
      return { series: await this.count(target, query) };
    } catch (error) {
      return { series: 0, error: (error as Error).message };
    }
  }

  private async count(target: Manifest, query: string): Promise<number> {
    const { prometheus, loki, tempo } = this.programs;
    if (target.queryType === 'serviceMap')
      return (await prometheus.query('traces_service_graph_request_total')).length;
    if (target.datasource.type === 'prometheus') return (await prometheus.query(query)).length;
    const now = Math.floor(Date.now() / 1000);
    const range = { start: String(now - 600), end: String(now) };
    if (target.datasource.type === 'loki') {
      const answer =
        target.queryType === 'instant'
          ? await get(`http://${loki}:3100/loki/api/v1/query`, { query, time: String(now) })
          : await get(`http://${loki}:3100/loki/api/v1/query_range`, { query, ...range, step: '60' });
      return answer.data.result.length;
    }
    const answer = target.tableType
      ? await get(`http://${tempo}:3100/api/search`, { q: query, ...range })
      : await get(`http://${tempo}:3100/api/metrics/query_range`, { q: query, ...range, step: '60s' });
    return (answer.traces ?? answer.series ?? []).length;
  }
}

/** Dashboards in ConfigMaps. */
function dashboardsOf(objects: readonly Manifest[]): Manifest[] {
  return objects
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.grafana_dashboard === '1')
    .flatMap(({ data }) => Object.values<string>(data).map((text) => JSON.parse(text)));
}

/** The query with a value for each variable: all where there is "all", and the text that a person begins with. */
function resolved(query: string, dashboard: Manifest): string {
  const values = Object.fromEntries(
    dashboard.templating.list.map(({ name, allValue, current }: Manifest) => [
      name,
      allValue ?? current.value,
    ]),
  );
  const withValues = (text: string) =>
    text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (found, braced, bare) => {
      const name = braced ?? bare;
      return INTERVALS[name] ?? values[name] ?? found;
    });
  return withValues(query);
}

const fullest = (answers: readonly Answer[]) =>
  answers.reduce((best, answer) => (answer.series > best.series ? answer : best));

async function get(url: string, parameters: Record<string, string>): Promise<Manifest> {
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
