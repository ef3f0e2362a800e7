import { PART_OF } from '../constructs/labels';
import type { Panel } from './panel';
import { type DatasourceUids, datasourceOf, target } from './query';
import type { DashboardJson } from './schema';
import type { Variable } from './variable';

/** Panels beside each other under a heading. */
export interface Row {
  readonly title: string;
  /** The questions that its panels answer. */
  readonly answers: string;
  /** Height of its panels, in units of 30 pixels. */
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** A dashboard, as data. */
export interface Dashboard {
  /** Last part of its uid, and name of its file; never changed, as people have bookmarks. */
  readonly name: string;
  readonly title: string;
  /** The questions that it answers. */
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

const COLUMNS = 24;

/** Uid of a dashboard; the prefix keeps it apart from those of others. */
export function dashboardUid(name: string): string {
  return `${PART_OF}-${name}`;
}

/**
 * A dashboard as Grafana reads it: the classic schema, which Grafana 12 and 13 read and bring up to date by
 * themselves.
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
    // To the other dashboards of this product, with time range and variables.
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
    panels: placed(dashboard.rows).map(({ panel, ...gridPos }) =>
      'panels' in panel
        ? {
            id: gridPos.id,
            type: 'row',
            title: panel.title,
            // Grafana does not show it; the table of docs/grafana.md does.
            description: panel.answers,
            collapsed: false,
            panels: [],
            gridPos: grid(gridPos),
          }
        : panelJson(panel, grid(gridPos), uids),
    ),
  };
}

interface Place {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const grid = ({ x, y, w, h }: Place) => ({ x, y, w, h });

/** Every row and panel with its place: rows below each other, panels of a row from left to right. */
function placed(rows: readonly Row[]): Array<Place & { readonly panel: Row | Panel }> {
  let y = 0;
  return rows.flatMap((row, index) => {
    const heading = { id: 1_000 + index, x: 0, y, w: COLUMNS, h: 1, panel: row };
    let x = 0;
    const panels = row.panels.map((panel) => {
      const place = { id: panel.id, x, y: y + 1, w: panel.width, h: row.height, panel };
      x += panel.width;
      return place;
    });
    if (x !== COLUMNS) throw new Error(`row "${row.title}" is ${x} columns wide, not ${COLUMNS}`);
    y += 1 + row.height;
    return [heading, ...panels];
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
