import { existsSync } from 'node:fs';
import { table } from './markdown';
import type { RenderedObject } from './objects';

/** A panel in a ConfigMap. */
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly panels?: readonly Panel[];
}

interface DashboardJson {
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
}

const PREFIX = 'grafana-dashboard-';

/** Every dashboard of a cluster as tables: the question of each row, and the contents of each panel. */
export function dashboardTables(objects: readonly RenderedObject[]): string {
  return objects
    .filter(({ metadata }) => metadata.name.startsWith(PREFIX))
    .map(({ metadata, data }) => {
      const { title, description, panels } = JSON.parse(
        Object.values<string>(data)[0] ?? '',
      ) as DashboardJson;
      const name = metadata.name.slice(PREFIX.length);
      return [`### ${title}`, description, ...picture(name, title), ...rowsOf(panels).map(rowTable)].join(
        '\n\n',
      );
    })
    .join('\n\n');
}

/** The screenshot of a dashboard, taken by a run in a real Grafana (docs/development.md). Added dashboards have none. */
function picture(name: string, title: string): string[] {
  const path = `pictures/${name}.png`;
  return existsSync(`docs/${path}`) ? [`![${title}](${path})`] : [];
}

/** Panels by row, the row first. A collapsed row contains its panels. */
function rowsOf(panels: readonly Panel[]): Panel[][] {
  const rows: Panel[][] = [];
  for (const panel of panels) {
    if (panel.type === 'row') rows.push([panel, ...(panel.panels ?? [])]);
    else rows.at(-1)?.push(panel);
  }
  return rows;
}

function rowTable([row, ...panels]: readonly Panel[]): string {
  const cells = panels.map(({ title, description = '' }) => [title, description]);
  return `**${row?.title}**: ${row?.description}\n\n${table(['panel', 'shows'], cells)}`;
}
