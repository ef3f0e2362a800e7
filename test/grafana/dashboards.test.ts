import { describe, expect, test } from '@jest/globals';
import type { Settings } from '../../lib/settings';
import { hasTiers } from '../../lib/tracing/sampling-settings';
import { dashboardsOf, panelsOf } from '../support/dashboards';
import {
  CASE_NAMES,
  caseManifests,
  caseSettings,
  type Manifest,
  manifests,
  settings,
} from '../support/render';

const ofKind = (objects: readonly Manifest[]) =>
  objects.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('grafana-dashboard-'),
  );
const rendered = (values: object = {}) => manifests(settings(values));

const AGENT_TITLES = { promtail: ['Promtail'], otel: ['Log agent'], none: [] };
const partsOf = ({ logs, loki, tempo, tracing }: Settings) => [
  ...(loki.enabled ? ['Loki'] : []),
  ...(tempo.enabled ? ['Tempo'] : []),
  ...AGENT_TITLES[logs.agent],
  ...(tracing.sampling.type === 'client' ? [] : ['Collector']),
  ...(hasTiers(tracing.sampling) ? ['Sampler'] : []),
];

const ALL = CASE_NAMES.flatMap((name) =>
  dashboardsOf(caseManifests(name)).map((dashboard) => ({
    name: `${name}: ${dashboard.title}`,
    parts: partsOf(caseSettings(name)),
    dashboard,
  })),
);

/** Pixels of each shown column of a table. Without a width of its own a column gets 150 or more; one opens a trace. */
function columnWidths({ fieldConfig, transformations, targets }: Manifest): Map<string, number> {
  const [, , order] = transformations;
  const names: string[] = order
    ? Object.values(order.options.renameByName)
    : ['nested', 'traceID', 'startTime', 'traceService', 'traceName', 'traceDuration'];
  const widths = new Map(names.map((name) => [name, name === 'nested' ? 40 : 150]));
  expect(order !== undefined || targets[0].tableType === 'traces').toBe(true);
  for (const { matcher, properties } of fieldConfig.overrides) {
    for (const { id, value } of properties) {
      if (id === 'custom.width' || id === 'custom.minWidth') widths.set(matcher.options, value);
      if (id === 'custom.hidden') widths.delete(matcher.options);
    }
  }
  return widths;
}

describe('dashboards', () => {
  test('are four with stable uids', () => {
    expect(dashboardsOf(rendered()).map(({ uid, title }) => [uid, title])).toEqual([
      ['logs-and-traces-loki-logs', 'Loki Logs Dashboard'],
      ['logs-and-traces-tempo-tracing', 'Tempo Tracing Dashboard'],
      ['logs-and-traces-log-analysis', 'Log Analysis Dashboard'],
      ['logs-and-traces-distributed-tracing', 'Distributed Tracing Overview'],
    ]);
  });

  test("are selected by the sidecar's label, in one ConfigMap and one file each", () => {
    const objects = ofKind(rendered());

    for (const { metadata, data } of objects) {
      expect(metadata).toMatchObject({ namespace: 'monitoring', labels: { grafana_dashboard: '1' } });
      expect(Object.keys(data)).toHaveLength(1);
    }
    expect(new Set(objects.flatMap(({ data }) => Object.keys(data))).size).toBe(objects.length);
  });

  test("go into the folder in the values through the sidecar's annotation", () => {
    const grafana = { dashboardFolder: 'Observability', dashboardFolderAnnotation: 'example.com/folder' };

    expect(ofKind(rendered())[0].metadata.annotations).not.toHaveProperty('grafana_folder');
    expect(ofKind(rendered({ grafana }))[0].metadata.annotations).toMatchObject({
      'example.com/folder': 'Observability',
    });
  });

  test.each(ALL)('describe each panel, whose title is a noun of a few words: $name', ({ dashboard }) => {
    const panels = panelsOf(dashboard);

    expect(panels.length).toBeGreaterThan(4);
    for (const panel of panels) {
      expect(panel.title).toMatch(/^[A-Z][\w-]*( [\w()]+){0,3}$/);
      expect(panel.description).toMatch(/\.$/);
      expect(panel.targets.length).toBeGreaterThan(0);
    }
  });

  test.each(ALL)('begin with the health of the stack: $name', ({ parts, dashboard }) => {
    const [row, health, alerts] = dashboard.panels;
    const names = health.targets.map(({ legendFormat }: Manifest) => legendFormat);

    expect(row.title).toBe('Health');
    expect(names).toEqual(parts);
    expect(alerts.targets[0].expr).toMatch(/ALERTS\{(?:cluster=~`[^`]+`, )?alertstate="firing",/);
  });

  test('count the firing alerts of the stack by their names in Prometheus', () => {
    const objects = rendered();
    const rules = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .flatMap(({ spec }) => spec.groups.flatMap((group: Manifest) => group.rules));
    const [, names = ''] =
      /alertname=~"([^"]+)"/.exec(JSON.stringify(dashboardsOf(objects)[0]).replaceAll('\\"', '"')) ?? [];

    expect(names.split('|').sort()).toEqual(rules.map(({ alert }: Manifest) => alert).sort());
    expect(rules.length).toBeGreaterThan(40);
  });

  test.each(ALL)('never take a failed query for an empty answer: $name', ({ dashboard }) => {
    // Grafana shows this text in both cases.
    for (const { fieldConfig } of panelsOf(dashboard)) expect(fieldConfig.defaults.noValue).toBeUndefined();
  });

  test.each(ALL)('have no color from a default threshold of Grafana: $name', ({ dashboard }) => {
    for (const { fieldConfig } of panelsOf(dashboard)) {
      expect(fieldConfig.defaults.thresholds.steps[0].value).toBeNull();
    }
  });

  test.each(ALL)(
    'have rows of 24 columns that do not overlap, and ids that are one panel each: $name',
    ({ dashboard }) => {
      const rows = dashboard.panels.filter(({ type }: Manifest) => type === 'row');
      const shown = dashboard.panels.filter(({ type }: Manifest) => type !== 'row');
      const ids = [...rows, ...panelsOf(dashboard)].map(({ id }: Manifest) => id);
      const cells = shown.flatMap(({ gridPos: { x, y, w, h } }: Manifest) =>
        Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
      );

      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(cells).size).toBe(cells.length);
      for (const { gridPos } of dashboard.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      // Readable at 1280 pixels: a column is 50 of them.
      for (const { gridPos } of panelsOf(dashboard)) expect(gridPos.w).toBeGreaterThanOrEqual(4);
    },
  );

  test.each(ALL)('show every column of a table in a window of 1280 pixels: $name', ({ dashboard }) => {
    for (const panel of panelsOf(dashboard).filter(({ type }) => type === 'table')) {
      const columns = [...columnWidths(panel).values()];
      // Grid, without the margin around and in a panel; seen with Grafana 12.2.
      const inside = (panel.gridPos.w / 24) * 1_248 - 8 - 16;

      expect([panel.title, columns.length >= 2]).toEqual([panel.title, true]);
      expect(columns.reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(inside);
    }
  });

  test.each(ALL)('name existing datasources by type and uid: $name', ({ name, dashboard }) => {
    const [prometheus, suffix] = name.startsWith('everything:') ? ['prom', '-stack'] : ['prometheus', ''];
    const found = JSON.stringify(dashboard).matchAll(/"datasource":(\{[^}]*\}|"[^"]*")/g);

    for (const [, datasource = ''] of found) {
      expect([`prometheus ${prometheus}`, `loki loki${suffix}`, `tempo tempo${suffix}`]).toContain(
        Object.values(JSON.parse(datasource)).join(' '),
      );
    }
  });

  test.each(ALL)('declare exactly the variables that they use: $name', ({ dashboard }) => {
    const given = dashboard.templating.list.map((variable: Manifest) => variable.name);
    const text = JSON.stringify([dashboard.panels, dashboard.templating]);
    const used = [...text.matchAll(/\$\{?(\w+)/g)]
      .map(([, name = '']) => name)
      // `$1` is of a regular expression.
      .filter((name) => !/^(__|\d)/.test(name));

    expect([...new Set(used)].sort()).toEqual([...given].sort());
  });

  test.each(ALL)('quote what is chosen so that names may hold any character: $name', ({ dashboard }) => {
    const several = dashboard.templating.list.filter(({ multi }: Manifest) => multi);
    const names = several.map(({ name }: Manifest) => name).join('|');
    const queries = panelsOf(dashboard).flatMap(({ targets }) =>
      targets.flatMap((one: Manifest) => one.expr ?? one.serviceMapQuery ?? one.query),
    );

    expect(several.length).toBeGreaterThan(0);
    for (const query of queries) {
      const used = query.match(new RegExp(`\\$\\{?(?:${names})\\b`, 'g')) ?? [];
      const quoted = query.match(new RegExp(`=~\`[^\`]*\\$\\{(?:${names}):regex\\}[^\`]*\``, 'g')) ?? [];
      expect([query, quoted.length]).toEqual([query, used.length]);
    }
  });

  test('link to each other with the time range', () => {
    for (const dashboard of dashboardsOf(rendered())) {
      expect(dashboard.links).toMatchObject([
        { type: 'dashboards', tags: dashboard.tags, keepTime: true, includeVars: true },
      ]);
    }
  });

  test('query traces if clients sample, because there are no span metrics', () => {
    const [, tempo, , overview] = dashboardsOf(rendered({ tracing: { sampling: { type: 'client' } } }));
    const text = JSON.stringify([tempo, overview]);

    expect(text).not.toContain('traces_spanmetrics');
    expect(text).not.toContain('otelcol_');
    expect(text).toContain('quantile_over_time(duration, 0.95)');
  });

  test('query workloads by an existing stream label', () => {
    const logs = { labels: ['namespace', 'pod', 'container'] };
    const text = JSON.stringify(dashboardsOf(rendered({ logs })));

    expect(text).toContain('container=~`${workload:regex}`');
    expect(text).not.toContain('app=~');
  });

  test('draw the limits of Loki', () => {
    const [, , analysis] = dashboardsOf(
      rendered({ loki: { limits: { maxStreams: 1_000, ingestionRate: '64Mi' } } }),
    );
    const limits = ['Active streams', 'Ingestion rate'].map((title) => {
      const panel = panelsOf(analysis).find((one: Manifest) => one.title === title);
      return panel.fieldConfig.defaults.thresholds.steps.at(-1).value;
    });

    expect(limits).toEqual([1_000, 64 * 2 ** 20]);
  });

  test('count a stream once, however many Lokis hold it', () => {
    const streams = (name: string) => {
      const dashboards = dashboardsOf(caseManifests(name));
      const panel = dashboards.flatMap(panelsOf).find((one: Manifest) => one.title === 'Active streams');
      return panel.targets[0].expr;
    };

    expect(streams('large')).toMatch(/^sum\(loki_ingester_memory_streams\{.*\}\) \/ 3$/);
    expect(streams('default')).toMatch(/^sum\(loki_ingester_memory_streams\{.*\}\)$/);
  });
});
