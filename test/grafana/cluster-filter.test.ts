import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { dashboardsOf } from '../support/dashboards';
import { type FoundQuery, pieces, queriesIn } from '../support/queries';
import { type Manifest, manifests, settings } from '../support/render';

/** Clusters with and without a collector, whose dashboards ask for other things. */
const NAMED = ['tail', 'client'].map((type) => ({
  type,
  objects: manifests(settings({ cluster: { name: 'prod-eu' }, tracing: { sampling: { type } } })),
}));

/** Kinds of selectors, and what each must contain. */
const SELECTORS: Readonly<Record<FoundQuery['language'], readonly [kind: string, matcher: string]>> = {
  promql: ['VectorSelector', 'cluster=~`'],
  logql: ['Selector', 'cluster=~`'],
  traceql: ['SpansetFilter', 'resource.k8s.cluster.name =~'],
};

const squeezed = (text: string) => text.replaceAll(/\s/g, '');

/** Selectors of a query without a matcher of the cluster. */
function unfiltered({ language, query, place }: FoundQuery): string[] {
  const [kind, matcher] = SELECTORS[language];
  const selectors = pieces(language, query).filter((piece) => piece.kind === kind);
  const bare = selectors.filter(({ text }) => !squeezed(text).includes(squeezed(matcher)));
  return [
    ...(selectors.length === 0 ? [`${place}: no selector in ${query}`] : []),
    ...bare.map(({ text }) => `${place}: ${text}`),
  ];
}

/** Every address in a dashboard that leads to another one. */
function linksIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('/d/') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(linksIn) : [];
}

describe.each(NAMED)('the dashboards of a cluster with a name, where sampling is $type', ({ objects }) => {
  const dashboards = dashboardsOf(objects);

  test('let a person choose clusters, and ask only for those', () => {
    const own = objects.filter(({ metadata }) => metadata.name.startsWith('grafana-dashboard-'));
    const queries = queriesIn(own, parse).filter(
      // Of the search, a person writes the whole query.
      ({ place }) => !/variable cluster$|Dashboard: Search$/.test(place),
    );

    for (const { templating } of dashboards) expect(templating.list[0]).toMatchObject({ name: 'cluster' });
    expect(queries.length).toBeGreaterThan(40);
    expect(queries.flatMap(unfiltered)).toEqual([]);
  });

  test('offer the clusters that the datasource of the dashboard knows', () => {
    const asked = dashboards.map(({ templating }) => {
      const [{ datasource, query }] = templating.list;
      return [datasource.type, query.label ?? query.query];
    });

    for (const [type, what] of asked)
      expect(what).toMatch(
        { loki: /^cluster$/, tempo: /^k8s\.cluster\.name$/, prometheus: /^label_values\(\w+, cluster\)$/ }[
          type as string
        ] as RegExp,
      );
  });

  test('keep the chosen clusters in each link to another dashboard', () => {
    const links = linksIn(dashboards);

    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !link.endsWith('&${cluster:queryparam}'))).toEqual([]);
  });
});

describe('the name of a cluster', () => {
  const [{ objects } = { objects: [] as Manifest[] }] = NAMED;
  const of = (kind: string) => objects.filter((one) => one.kind === kind);

  test('is on every metric and alert of the stack', () => {
    const endpoints = of('ServiceMonitor').flatMap(({ spec }) => spec.endpoints);
    const rules = of('PrometheusRule').flatMap(({ spec }) => spec.groups[0].rules);

    expect(endpoints.length).toBeGreaterThan(3);
    for (const { relabelings } of endpoints)
      expect(relabelings).toContainEqual({
        targetLabel: 'cluster',
        replacement: 'prod-eu',
        action: 'replace',
      });
    expect(rules.length).toBeGreaterThan(20);
    for (const { labels } of rules) expect(labels.cluster).toBe('prod-eu');
  });

  test('is kept in jumps from traces to logs and metrics, and from lines to metrics', () => {
    const [secret] = of('Secret');
    const { datasources } = parse(Object.values<string>(secret.stringData)[0] ?? '');
    const [loki, tempo] = datasources;
    const tag = { key: 'k8s.cluster.name', value: 'cluster' };

    expect(tempo.jsonData.tracesToLogsV2.tags).toContainEqual(tag);
    expect(tempo.jsonData.tracesToMetrics.tags).toContainEqual(tag);
    for (const { config } of loki.correlations) {
      expect(config.target.expr).toContain('{cluster=~"$${cluster}|", ');
      expect(config.transformations).toContainEqual(expect.objectContaining({ mapValue: 'cluster' }));
    }
  });

  test('is nowhere unless it is set', () => {
    const unnamed = JSON.stringify(manifests(settings()));

    expect(unnamed).not.toMatch(/k8s\.cluster\.name|cluster=~|"cluster":/);
  });
});
