import { describe, expect, test } from '@jest/globals';
import { CASE_NAMES, caseManifests, type Manifest } from '../support/render';

const dashboardsOf = (objects: readonly Manifest[]): Manifest[] =>
  objects
    .filter(({ metadata }) => metadata.name.startsWith('grafana-dashboard-'))
    .map(({ data }) => JSON.parse(Object.values<string>(data)[0] ?? ''));

const ALL = CASE_NAMES.flatMap((name) => {
  const dashboards = dashboardsOf(caseManifests(name));
  return dashboards.map((dashboard) => ({ name: `${name}: ${dashboard.title}`, dashboard, dashboards }));
});

/** What a person may have typed into a text box, of what means something in an address. */
const TYPED = 'a&b#c+d%20e';
const CHOSEN = ['shop.eu', 'prices'];

/** A text with its variables as Grafana puts them into a link: as they are, unless the format says otherwise. */
function inLink(text: string, dashboard: Manifest, all: boolean): string {
  return text.replaceAll(/\$\{(\w+):(\w+)\}/g, (_, name, format) => {
    const variable = dashboard.templating.list.find((one: Manifest) => one.name === name);
    if (variable.type === 'textbox') return format === 'percentencode' ? encodeURIComponent(TYPED) : TYPED;
    if (all) return variable.allValue;
    return format === 'pipe' ? CHOSEN.join('|') : `{${CHOSEN.join(',')}}`;
  });
}

/** The query of a target with its variables as the datasource puts them in. */
function asked({ expr, query, serviceMapQuery }: Manifest, dashboard: Manifest, all: boolean): unknown {
  const text = (expr ?? query ?? serviceMapQuery[0]) as string;
  return text.replaceAll(/\$(?:\{(?!__)(\w+)(?::\w+)?\}|(?!__)([A-Za-z]\w*))/g, (_, braced, bare) => {
    const variable = dashboard.templating.list.find(({ name }: Manifest) => name === (braced ?? bare));
    if (variable.type === 'textbox') return TYPED;
    return all ? variable.allValue : CHOSEN.join('|');
  });
}

describe('links to Explore', () => {
  test.each(ALL)('open the query of the panel with what is chosen: $name', ({ dashboard }) => {
    for (const panel of dashboard.panels.filter(({ type }: Manifest) => type !== 'row')) {
      for (const all of [true, false]) {
        const url = new URL(inLink(panel.links[0].url, dashboard, all), 'https://grafana');
        const { a } = JSON.parse(url.searchParams.get('panes') ?? '');
        const { expr, query, serviceMapQuery } = a.queries[0];

        expect(expr ?? query ?? serviceMapQuery[0]).toBe(asked(panel.targets[0], dashboard, all));
      }
    }
  });
});

describe('links of rows', () => {
  const links = ALL.flatMap(({ dashboard, dashboards }) =>
    dashboard.panels.flatMap(({ title, fieldConfig, transformations }: Manifest) =>
      (fieldConfig?.overrides ?? []).flatMap(({ properties }: Manifest) =>
        properties
          .filter(({ id }: Manifest) => id === 'links')
          .map(({ value: [link] }: Manifest) => ({ title, link, transformations, dashboards })),
      ),
    ),
  );

  test('lead from pods, errors, services and operations', () => {
    expect([...new Set(links.map(({ title }) => title))].sort()).toEqual([
      'Errors that are new',
      'Most frequent errors',
      'Noisiest pods',
      'Services',
      'Slowest operations',
    ]);
  });

  test('lead to a dashboard that there is, with values of columns for variables that it has', () => {
    for (const { link, transformations, dashboards } of links) {
      const url = new URL(link.url, 'https://grafana');
      const target = dashboards.find(({ uid }: Manifest) => url.pathname === `/d/${uid}`);
      const names = target?.templating.list.map(({ name }: Manifest) => `var-${name}`);
      const [, filter] = transformations;
      const columns = [...url.search.matchAll(/\$\{__data\.fields\.(\w+):percentencode\}/g)].map(
        ([, column]) => column,
      );

      expect(link.url).toContain('${__url_time_range}');
      expect(columns.length).toBeGreaterThan(0);
      expect(filter.options.include.names).toEqual(expect.arrayContaining(columns));
      expect([...names, '${__url_time_range}']).toEqual(expect.arrayContaining([...url.searchParams.keys()]));
    }
  });
});
