import { describe, expect, test } from '@jest/globals';
import { dashboardsOf, panelsOf } from '../support/dashboards';
import { CASE_NAMES, caseManifests, type Manifest } from '../support/render';

const ALL = CASE_NAMES.flatMap((name) => {
  const dashboards = dashboardsOf(caseManifests(name));
  return dashboards.map((dashboard) => ({ name: `${name}: ${dashboard.title}`, dashboard, dashboards }));
});

describe('links of rows', () => {
  const links = ALL.flatMap(({ dashboard, dashboards }) =>
    panelsOf(dashboard).flatMap(({ title, fieldConfig, transformations }) =>
      fieldConfig.overrides.flatMap(({ properties }: Manifest) =>
        properties
          .filter(({ id }: Manifest) => id === 'links')
          .map(({ value: [link] }: Manifest) => ({ title, link, transformations, dashboards })),
      ),
    ),
  );

  test('exist for pods, errors, services, operations and traces', () => {
    expect([...new Set(links.map(({ title }) => title))].sort()).toEqual([
      'Failed traces',
      'Failing and slow operations',
      'Most frequent errors',
      'New errors',
      'Noisiest pods',
      'Search',
      'Service graph',
      'Services',
      'Slow traces',
    ]);
  });

  test('lead to an existing dashboard, with column values for its variables', () => {
    for (const { link, transformations, dashboards } of links) {
      const url = new URL(link.url, 'https://grafana');
      const target = dashboards.find(({ uid }: Manifest) => url.pathname === `/d/${uid}`);
      const names = target?.templating.list.map(({ name }: Manifest) => `var-${name}`);
      const filter = transformations.find(({ id }: Manifest) => id === 'filterFieldsByName');
      const columns = [...url.search.matchAll(/\$\{__data\.fields\.(\w+):percentencode\}/g)].map(
        ([, column]) => column,
      );

      expect(link.url).toContain('${__url_time_range}');
      // A node of the service graph has its name as its title.
      expect(filter?.options.include.names ?? ['title']).toEqual(expect.arrayContaining(columns));
      expect(columns.length > 0 || link.url.includes('=${__value.raw}&')).toBe(true);
      expect([...names, '${__url_time_range}', '${cluster:queryparam}', 'viewPanel']).toEqual(
        expect.arrayContaining([...url.searchParams.keys()]),
      );
    }
  });

  test('open a trace in its panel, which works without access to Explore', () => {
    const opening = links.filter(({ link }) => link.title === 'View trace');

    expect(opening.length).toBeGreaterThan(2);
    for (const { link, dashboards } of opening) {
      const url = new URL(link.url, 'https://grafana');
      const target = dashboards.find(({ uid }: Manifest) => url.pathname === `/d/${uid}`);
      const panel = panelsOf(target).find(({ id }) => String(id) === url.searchParams.get('viewPanel'));
      expect(panel).toMatchObject({ type: 'traces', targets: [{ query: '${trace:raw}' }] });
    }
  });
});
