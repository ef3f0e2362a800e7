import { at, type Json, listAt, textAt } from '../kubernetes/json';
import type { ComponentReview, ConfigFinding, ConfigRule, ConfigVersions } from '../review/component-review';
import { key } from '../review/config-rules';
import { same } from '../review/diff/same';
import { casesFound, difference } from '../review/difference';
import { becomes, rule } from '../review/rule';
import { listed } from '../review/words';

/** Labels that Grafana's sidecars select in the default values of the chart. */
const LABELS = ['grafana_dashboard', 'grafana_datasource', 'grafana_alert'];

const DELETES = ['deleteDatasources.**', 'prune'];
const LINKS = ['jsonData.**', 'correlations.**', 'editable'].map((one) => `datasources.*.${one}`);

const DATASOURCE_RULES: readonly ConfigRule[] = [
  key('restarts', 'datasource-default', ['datasources.*.isDefault'], { when: becomes(true), outage: true }),
  key('deletes', 'datasource-deleted', DELETES, {
    when: ({ new: next }) => next !== undefined && next !== false,
  }),
  key('live', 'datasource-kept', [...DELETES, 'datasources.*.isDefault']),
  key('live', 'datasource-links', LINKS),
];

function datasourceFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const byUid = (config: Json) =>
    new Map(
      listAt(config, 'datasources').map((one) => [textAt(one, 'uid') ?? textAt(one, 'name') ?? '', one]),
    );
  const [before, after] = [byUid(old), byUid(next)];
  const { added, removed } = difference(before.keys(), after.keys());
  const moved = [...after].flatMap(([uid, one]) => {
    const [was, url] = [textAt(before.get(uid), 'url'), textAt(one, 'url')];
    return was !== undefined && was !== url ? [`${uid} → ${url}`] : [];
  });
  const identified = (config: Json) =>
    listAt(config, 'datasources').map((one) => ({ name: textAt(one, 'name'), uid: textAt(one, 'uid') }));
  const stops = identified(old).flatMap((was) =>
    identified(next)
      .filter((one) => (one.name === was.name) !== (one.uid === was.uid))
      .map((one) => `${was.name} (uid ${was.uid}) → ${one.name} (uid ${one.uid})`),
  );
  const lost = (uids: string) =>
    `datasource ${uids} was removed: panels, alerts and links that use its uid break`;
  const found = casesFound([
    ['deletes', 'datasource-gone', removed, lost],
    ['live', 'datasource-new', added],
  ]).map((one) => ({ ...one, paths: ['datasources'] }));
  const renamed = casesFound([['restarts', 'datasource-renamed', stops]]).map((one) => ({
    ...one,
    outage: true,
    paths: ['datasources', 'datasources.*.name', 'datasources.*.uid'],
  }));
  const urls = casesFound([['live', 'datasource-url', moved]]);
  return [...renamed, ...found, ...urls.map((one) => ({ ...one, paths: ['datasources.*.url'] }))];
}

function dashboardFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const [before, after] = [panelsOf(old), panelsOf(next)];
  const { added, removed } = difference(before.keys(), after.keys());
  const changed = [...after].flatMap(([title, panel]) =>
    before.has(title) && !same(before.get(title) ?? null, panel) ? [title] : [],
  );
  const parts = [
    ...(added.length > 0 ? [`new panels: ${listed(added)}`] : []),
    ...(removed.length > 0 ? [`removed panels: ${listed(removed)}`] : []),
    ...(changed.length > 0 ? [`changed panels: ${listed(changed)}`] : []),
    ...(textAt(old, 'uid') === textAt(next, 'uid') ? [] : ['its uid changes, so links to it break']),
  ];
  const says = `dashboard "${textAt(next, 'title')}": ${parts.join('; ') || 'its panels stay the same'}`;
  return [{ effect: 'live', rule: 'dashboard', says, paths: ['**'] }];
}

/** Panels by title, including those in rows. Panels with the same title are distinguished by id. */
function panelsOf(dashboard: Json): Map<string, Json> {
  const panels = new Map<string, Json>();
  const add = (list: readonly Json[]) => {
    for (const panel of list) {
      const title = textAt(panel, 'title') ?? textAt(panel, 'type') ?? '';
      panels.set(panels.has(title) ? `${title} (${textAt(panel, 'id')})` : title, panel);
      add(listAt(panel, 'panels'));
    }
  };
  add(listAt(dashboard, 'panels'));
  for (const row of listAt(dashboard, 'rows')) add(listAt(row, 'panels'));
  return panels;
}

/** How changes to datasources and dashboards affect the Grafana that reads them. */
export const grafanaReview: ComponentReview = {
  texts: 'lib/grafana/review.md',
  daemon: {
    title: 'Grafana',
    images: ['grafana'],
    without: 'dashboards',
    cost: 'people may have to log in again',
    downgrade: 'Grafana migrates its database on upgrades; an older version may not start with it.',
  },
  watchedLabels: LABELS,
  rules: [
    rule(
      'live',
      'sidecar-label',
      ['ConfigMap', 'Secret'],
      LABELS.map((label) => `metadata.labels.${label}`),
    ),
  ],
  configs: [
    {
      title: 'Grafana datasources',
      matches: (document) =>
        ['datasources', 'deleteDatasources'].some((section) => listAt(document, section).length > 0),
      rules: DATASOURCE_RULES,
      findings: datasourceFindings,
    },
    {
      title: 'a Grafana dashboard',
      matches: (document) =>
        at(document, 'panels') !== undefined &&
        at(document, 'title') !== undefined &&
        ['schemaVersion', 'templating', 'uid'].some((one) => at(document, one) !== undefined),
      rules: [],
      findings: dashboardFindings,
    },
  ],
};
