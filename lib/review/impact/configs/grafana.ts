import { same } from '../../diff/same';
import { type Json, listAt, textAt } from '../../manifests/json';
import { listed } from '../words';
import type { ConfigFinding, ConfigJudge, ConfigVersions } from './config';

const PROVISIONING = 'https://grafana.com/docs/grafana/latest/administration/provisioning/';

/** What a change of provisioned datasources does. */
export const judgeDatasources: ConfigJudge = ({ old, new: next }) => {
  const uids = (config: Json) =>
    new Map(
      listAt(config, 'datasources').map((one) => [textAt(one, 'uid') ?? textAt(one, 'name') ?? '', one]),
    );
  const [before, after] = [uids(old), uids(next)];
  const gone = [...before.keys()].filter((uid) => !after.has(uid));
  const moved = [...after].flatMap(([uid, one]) => {
    const was = textAt(before.get(uid) ?? null, 'url');
    const url = textAt(one, 'url');
    return was !== undefined && was !== url ? [`${uid} → ${url}`] : [];
  });
  const found: (ConfigFinding | false)[] = [
    gone.length > 0 && {
      effect: 'deletes',
      rule: 'datasource-gone',
      title: `datasource ${listed(gone)} is gone: panels, alerts and links that name it by its uid break`,
      reason:
        'Dashboards refer to a datasource by its uid. Grafana deletes a provisioned datasource only with prune or deleteDatasources.',
      source: `${PROVISIONING}#data-sources`,
      paths: ['datasources.**'],
    },
    moved.length > 0 && {
      effect: 'live',
      rule: 'datasource-url',
      title: `Grafana asks elsewhere: ${listed(moved)}`,
      reason: 'Queries go to the new address as soon as the sidecar has told Grafana.',
      source: `${PROVISIONING}#data-sources`,
      paths: ['datasources.**'],
    },
  ];
  return found.filter((one) => one !== false);
};

/** What a change of a dashboard does to those who look at it. */
export const judgeDashboard: ConfigJudge = ({ old, new: next }: ConfigVersions) => {
  const [before, after] = [panelsOf(old), panelsOf(next)];
  const added = [...after.keys()].filter((title) => !before.has(title));
  const gone = [...before.keys()].filter((title) => !after.has(title));
  const changed = [...after].flatMap(([title, panel]) =>
    before.has(title) && !same(before.get(title) ?? null, panel) ? [title] : [],
  );
  const parts = [
    ...(added.length > 0 ? [`new panels: ${listed(added)}`] : []),
    ...(gone.length > 0 ? [`panels gone: ${listed(gone)}`] : []),
    ...(changed.length > 0 ? [`panels changed: ${listed(changed)}`] : []),
  ];
  const title = textAt(next, 'title');
  const moved = textAt(old, 'uid') !== textAt(next, 'uid');
  return [
    {
      effect: 'live',
      rule: 'dashboard',
      title: `dashboard "${title}": ${parts.length > 0 ? parts.join('; ') : 'its panels are as they were'}${moved ? '; it has another uid, so that links to it break' : ''}`,
      reason: 'Grafana shows the new dashboard as soon as the sidecar has written it; nothing restarts.',
      source: `${PROVISIONING}#dashboards`,
      paths: ['**'],
    },
  ];
};

/** Panels by title, those in rows included; two of one title are told apart by their number. */
function panelsOf(dashboard: Json): Map<string, Json> {
  const panels = new Map<string, Json>();
  const add = (list: readonly Json[]) => {
    for (const panel of list) {
      const title = textAt(panel, 'title') ?? textAt(panel, 'type') ?? '';
      const name = panels.has(title) ? `${title} (${textAt(panel, 'id')})` : title;
      panels.set(name, panel);
      add(listAt(panel, 'panels'));
    }
  };
  add(listAt(dashboard, 'panels'));
  for (const row of listAt(dashboard, 'rows')) add(listAt(row, 'panels'));
  return panels;
}
