import { PART_OF } from '../constructs/labels';
import type { Panel } from './panel';
import { type DatasourceUids, datasourceOf, target } from './query';
import type { DashboardJson } from './schema';
import type { Variable } from './variable';

/** Panels displayed next to each other under a heading. */
export interface Row {
  readonly title: string;
  /** The questions that the panels answer. */
  readonly answers: string;
  /** Height of the panels, in units of 30 pixels. */
  readonly height: number;
  /** Shows only the title until the user expands the row. @default false */
  readonly collapsed?: boolean;
  readonly panels: readonly Panel[];
}

/** A dashboard as data. */
export interface Dashboard {
  /** Last part of the uid, and the file name. Never change it: users have bookmarks. */
  readonly name: string;
  readonly title: string;
  /** The questions that the dashboard answers. */
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

const COLUMNS = 24;

/** Uid of a dashboard. The prefix separates it from other dashboards. */
export function dashboardUid(name: string): string {
  return `${PART_OF}-${name}`;
}

/**
 * A dashboard in the classic schema. Grafana 12 and 13 read this schema and migrate it automatically.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export function dashboardJson(dashboard: Dashboard, uids: DatasourceUids): DashboardJson {
  return {
    uid: dashboardUid(dashboard.name),
    title: dashboard.title,
    description: dashboard.description,
    tags: [PART_OF],
    schemaVersion: 41,
    editable: true,
    graphTooltip: 1,
    time: { from: 'now-1h', to: 'now' },
    timepicker: {},
    timezone: '',
    annotations: { list: [] },
    // Links to the other dashboards of this product. They keep the time range and the variables.
    links: [
      {
        title: 'Logs and traces',
        type: 'dashboards',
        tags: [PART_OF],
        icon: 'external link',
        tooltip: '',
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
      },
    ],
    templating: {
      list: dashboard.variables.map(({ name, label, model }) => ({ name, label, hide: 0, ...model })),
    },
    panels: rowsJson(dashboard.rows, uids),
  };
}

/** Rows from top to bottom, and the panels of each row from left to right. A collapsed row contains its panels. */
function rowsJson(rows: readonly Row[], uids: DatasourceUids) {
  let y = 0;
  return rows.flatMap(({ title, answers, height, collapsed = false, panels }, index) => {
    let x = 0;
    const placed = panels.map((panel) => {
      const gridPos = { x, y: y + 1, w: panel.width, h: height };
      x += panel.width;
      return panelJson(panel, gridPos, uids);
    });
    if (x !== COLUMNS) throw new Error(`row "${title}" is ${x} columns wide, not ${COLUMNS}`);
    const heading = {
      id: 1_000 + index,
      type: 'row',
      title,
      // Grafana does not show this description. The table in docs/grafana.md does.
      description: answers,
      collapsed,
      panels: collapsed ? placed : [],
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    };
    y += collapsed ? 1 : 1 + height;
    return collapsed ? [heading] : [heading, ...placed];
  });
}

function panelJson(panel: Panel, gridPos: object, uids: DatasourceUids) {
  const [first] = panel.queries;
  if (!first) throw new Error(`panel "${panel.title}" has no query`);
  return {
    id: panel.id,
    type: panel.type,
    title: panel.title,
    description: panel.description,
    gridPos,
    datasource: datasourceOf(first, uids),
    targets: panel.queries.map((query, index) => target(query, index, uids)),
    maxDataPoints: panel.maxDataPoints,
    timeFrom: panel.timeFrom,
    fieldConfig: { defaults: panel.defaults, overrides: panel.overrides },
    options: panel.options,
    transformations: panel.transformations,
  };
}
