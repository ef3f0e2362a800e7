import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NO_ADDITIONS } from '../../lib/additions';
import { OWN_DASHBOARDS } from '../../lib/grafana/extra-dashboard';
import { readDashboards } from '../../lib/grafana/read-dashboards';
import { datasourceUids } from '../../lib/grafana/settings';
import { manifests, settings } from '../support/render';

const UIDS = ['prometheus', 'loki', 'tempo'];
const BEFORE = process.cwd();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dashboards-'));
  mkdirSync(join(folder, 'dashboards'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(BEFORE);
  rmSync(folder, { recursive: true });
});

const write = (name: string, content: unknown) =>
  writeFileSync(join('dashboards', name), typeof content === 'string' ? content : JSON.stringify(content));
const read = (uids: readonly string[] = UIDS) => readDashboards('dashboards', [uids]);
const dashboard = (change: object = {}) => ({ uid: 'team-shop', title: 'Shop', panels: [], ...change });

describe('dashboards of the user', () => {
  test('are rendered like those of this product', () => {
    write('team-shop.json', dashboard({ id: 17, panels: [{ datasource: { type: 'loki', uid: 'loki' } }] }));
    const object = manifests(settings(), { ...NO_ADDITIONS, dashboards: read() }).find(
      ({ metadata }) => metadata.name === 'grafana-dashboard-team-shop',
    );

    expect(object.metadata.labels.grafana_dashboard).toBe('1');
    expect(JSON.parse(object.data['logs-and-traces-team-shop.json'])).toEqual(
      dashboard({ id: null, panels: [{ datasource: { type: 'loki', uid: 'loki' } }] }),
    );
  });

  test('are none without the folder', () => {
    expect(readDashboards('elsewhere', [UIDS])).toEqual([]);
  });

  test.each([
    ['{', /^dashboards\/x\.json:1:1: not valid JSON: /],
    ['[]', 'dashboards/x.json:1:1: must contain one dashboard'],
    [
      { dashboard: dashboard() },
      'dashboards/x.json:1:1: must contain the dashboard itself, which is below "dashboard" in this export',
    ],
    [
      { __inputs: [], ...dashboard() },
      'dashboards/x.json:1:1: must be exported without "Export for sharing externally", because such a file requests datasources at each import',
    ],
    [dashboard({ title: '' }), 'dashboards/x.json:1:1: must have a title'],
    [
      dashboard({ uid: undefined }),
      'dashboards/x.json:1:1: must have a uid of at most 40 letters, digits, "-" and "_"; without one, Grafana creates another uid at every start',
    ],
    [
      dashboard({ uid: 'logs-and-traces-loki-logs' }),
      'dashboards/x.json:1:1: must have another uid than "logs-and-traces-loki-logs", which belongs to the dashboard of this product',
    ],
    [
      dashboard({ panels: [{ datasource: 'Loki' }] }),
      'dashboards/x.json:1:1: panels[0].datasource must be an object such as {"type": "loki", "uid": "loki"}, not the string "Loki", which Grafana no longer supports',
    ],
    [
      dashboard({ panels: [{ type: 'row', panels: [{ panels: [{ datasource: { uid: 'lokki' } }] }] }] }),
      'dashboards/x.json:1:1: panels[0].panels[0].panels[0].datasource.uid must be the uid of a datasource of this stack',
    ],
    [
      dashboard({ templating: { list: [{ type: 'query', datasource: { uid: 'lokki' } }] } }),
      'dashboards/x.json:1:1: templating.list[0].datasource.uid must be the uid of a datasource of this stack',
    ],
    [
      { apiVersion: 'dashboard.grafana.app/v2', kind: 'Dashboard', spec: { title: 'Shop', elements: {} } },
      'dashboards/x.json:1:1: must be exported with the model "Classic"; resource files and schema V2 are not supported',
    ],
    [
      { title: 'Shop', elements: {}, layout: {} },
      'dashboards/x.json:1:1: must be exported with the model "Classic"; resource files and schema V2 are not supported',
    ],
    [
      dashboard({ title: 'Loki Logs Dashboard' }),
      'dashboards/x.json:1:1: must have another title than "Loki Logs Dashboard", which belongs to the dashboard of this product',
    ],
    [
      dashboard({ panels: [{ targets: [{ datasource: { type: 'loki', uid: 'lokki' } }] }] }),
      'dashboards/x.json:1:1: panels[0].targets[0].datasource.uid must be the uid of a datasource of this stack or in grafana.existingDatasources, not "lokki"; did you mean "loki"?',
    ],
  ])('are refused where they would not work: %#', (content, message) => {
    write('x.json', content);

    expect(() => read()).toThrow(message);
  });

  test('may use a variable or a built-in datasource', () => {
    const uids = [
      '${datasource}',
      '$ds',
      '-- Mixed --',
      '-- Dashboard --',
      '-- Grafana --',
      'grafana',
      '__expr__',
    ];
    const panels = uids.map((uid) => ({ datasource: { uid } }));
    // As older dashboards hold the annotations that Grafana has by itself.
    const annotations = { list: [{ builtIn: 1, datasource: '-- Grafana --' }, { datasource: null }] };
    write('x.json', dashboard({ panels, annotations }));

    expect(read()).toHaveLength(1);
  });

  test('may have panels without a query, library panels, and panels with their own datasource format', () => {
    const panels = [
      { type: 'text', datasource: null },
      { libraryPanel: { uid: 'x', name: 'X' } },
      { type: 'alertlist', options: { datasource: 'Alertmanager' } },
      { type: 'prometheus', datasource: { type: 'prometheus' } },
    ];
    write('x.json', dashboard({ panels, templating: { list: [{ type: 'datasource', query: 'loki' }] } }));

    expect(read()).toHaveLength(1);
  });

  test('may query an existing datasource that the values list', () => {
    const existingDatasources = { CloudWatch: 'cloudwatch' };
    write('x.json', dashboard({ panels: [{ datasource: { uid: 'cloudwatch' } }] }));

    expect(() => read(datasourceUids(settings().grafana))).toThrow('not "cloudwatch"');
    expect(read(datasourceUids(settings({ grafana: { existingDatasources } }).grafana))).toHaveLength(1);
  });

  test('have unique uids and titles, and every mistake is reported once', () => {
    write('a.json', dashboard());
    write('b.json', dashboard({ title: 'Another' }));
    write('c.json', dashboard({ uid: 'another' }));

    expect(() => readDashboards('dashboards', [UIDS, UIDS])).toThrow(
      /^dashboards\/b\.json:1:1: must have another uid than "team-shop", which belongs to the dashboard dashboards\/a\.json\ndashboards\/c\.json:1:1: must have another title than "Shop", which belongs to the dashboard dashboards\/a\.json$/,
    );
  });

  test('fit into the annotation of a client-side apply', () => {
    write('x.json', dashboard({ description: 'x'.repeat(200_000) }));

    expect(() => read()).toThrow(/must be at most 200000 bytes without white space, not 200\d\d\d: split it/);
  });

  test("cannot have the names of this product's dashboards", () => {
    write('loki-logs.json', dashboard());

    expect(() => read()).toThrow(
      'dashboards/loki-logs.json:1:1: must be renamed: this product has a dashboard loki-logs',
    );
    write('Shop Team.json', dashboard());
    expect(() => read()).toThrow(
      'dashboards/Shop Team.json:1:1: must be renamed: the name of a dashboard consists of lower case letters, digits and "-"',
    );
  });

  test("are compared with the names and titles of this product's dashboards", () => {
    const rendered = manifests(settings()).flatMap(({ metadata, data }) => {
      const [, name] = /^grafana-dashboard-(.*)$/.exec(metadata.name) ?? [];
      return name ? [[name, JSON.parse(Object.values<string>(data)[0] ?? '').title]] : [];
    });

    expect(OWN_DASHBOARDS).toEqual(Object.fromEntries(rendered));
  });
});
