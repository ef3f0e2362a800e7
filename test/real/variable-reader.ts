import { dashboardsOf } from '../support/dashboards';
import type { Manifest } from '../support/render';
import { get, resolved } from './panel-reader';
import type { Prometheus } from './prometheus';

/** Values that each variable of each dashboard offers, by `dashboard: variable`, found as Grafana finds them. */
export async function readVariables(
  objects: readonly Manifest[],
  programs: { prometheus: Prometheus; loki: string; tempo: string },
): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const dashboard of dashboardsOf(objects)) {
    for (const variable of dashboard.templating.list.filter(({ type }: Manifest) => type === 'query')) {
      const { datasource, query } = variable;
      const values =
        datasource.type === 'loki'
          ? await lokiValues(programs.loki, query.label, resolved(query.stream, dashboard))
          : datasource.type === 'tempo'
            ? await tempoValues(programs.tempo, query.label)
            : await prometheusValues(programs.prometheus, query.query);
      found.set(`${dashboard.title}: ${variable.name}`, values);
    }
  }
  return found;
}

async function lokiValues(loki: string, label: string, stream: string): Promise<string[]> {
  const url = `http://${loki}:3100/loki/api/v1/label/${label}/values`;
  return (await get(url, stream === '' ? {} : { query: stream })).data ?? [];
}

/**
 * Grafana looks up the scope of the name first.
 *
 * @see https://github.com/grafana/grafana/blob/v13.0.0/public/app/plugins/datasource/tempo/datasource.ts
 */
async function tempoValues(tempo: string, label: string): Promise<string[]> {
  const { scopes } = await get(`http://${tempo}:3100/api/v2/search/tags`, {});
  const scope = scopes.find(({ tags }: Manifest) => tags.includes(label));
  if (!scope) return [];
  const { tagValues } = await get(`http://${tempo}:3100/api/v2/search/tag/${scope.name}.${label}/values`, {});
  return tagValues.map(({ value }: Manifest) => value);
}

async function prometheusValues(prometheus: Prometheus, query: string): Promise<string[]> {
  const [, metric = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
  const series = await prometheus.query(`group by (${label}) (${metric})`);
  return series.map(({ labels }) => labels[label] ?? '');
}
