import { dashboardsOf, panelsOf } from '../support/dashboards';
import type { Manifest } from '../support/render';
import type { Grafana } from './grafana';
import { queriesOf, resolved } from './panel-reader';

/** What Grafana answered to a query of a panel. */
export interface GrafanaAnswer {
  readonly panel: string;
  readonly error?: string;
  readonly frames: number;
}

/** Asks Grafana for every query of every panel over a range such as `24h`, as its pages do. */
export async function queryPanels(
  grafana: Grafana,
  objects: readonly Manifest[],
  range: string,
): Promise<GrafanaAnswer[]> {
  const answers: GrafanaAnswer[] = [];
  for (const dashboard of dashboardsOf(objects)) {
    for (const panel of panelsOf(dashboard).filter(({ type }) => type !== 'traces')) {
      for (const target of panel.targets) {
        const place = `${dashboard.title}: ${panel.title}`;
        for (const text of queriesOf(target)) {
          const query = resolved(text, dashboard, {});
          // The page asks Tempo itself for a list of traces.
          const said = target.tableType
            ? await search(grafana, query, range)
            : await ask(grafana, { ...target, ...changed(target, query) }, range);
          answers.push({ panel: place, ...said });
        }
      }
    }
  }
  return answers;
}

/** The page asks Prometheus for the service graph, too. */
function changed({ queryType, datasource }: Manifest, query: string) {
  if (queryType === 'serviceMap')
    return { datasource: { type: 'prometheus', uid: 'prometheus' }, expr: query, instant: true };
  return datasource.type === 'tempo' ? { query } : { expr: query };
}

async function ask(grafana: Grafana, target: Manifest, range: string) {
  const query = { ...target, refId: 'A', intervalMs: 15_000, maxDataPoints: 300 };
  const { body } = await grafana.api('/api/ds/query', { queries: [query], from: `now-${range}`, to: 'now' });
  const { error, frames = [] } = body.results?.A ?? { error: body.message };
  return { error, frames: frames.length };
}

async function search(grafana: Grafana, query: string, range: string) {
  const now = Math.floor(Date.now() / 1000);
  const seconds = Number.parseInt(range, 10) * ({ m: 60, h: 3_600, d: 86_400 }[range.at(-1) ?? ''] ?? 0);
  const parameters = new URLSearchParams({ q: query, start: String(now - seconds), end: String(now) });
  const { status, body } = await grafana.api(`/api/datasources/proxy/uid/tempo/api/search?${parameters}`);
  return { error: status === 200 ? undefined : body.message, frames: body.traces?.length ?? 0 };
}
