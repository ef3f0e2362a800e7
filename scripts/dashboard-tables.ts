import { table } from './markdown';
import type { RenderedObject } from './objects';

/** A panel as it is in a ConfigMap. */
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly targets?: ReadonlyArray<{ expr?: string; query?: string; queryType?: string }>;
}

interface DashboardJson {
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
}

/** Every dashboard of a cluster as tables: each panel with its question and its queries. */
export function dashboardTables(objects: readonly RenderedObject[]): string {
  return objects
    .filter(({ metadata }) => metadata.name.startsWith('grafana-dashboard-'))
    .map(({ data }) => JSON.parse(Object.values<string>(data)[0] ?? '') as DashboardJson)
    .map(({ title, description, panels }) =>
      [`### ${title}`, description, ...rowsOf(panels).map(rowTable)].join('\n\n'),
    )
    .join('\n\n');
}

/** Panels by the row that they stand in. */
function rowsOf(panels: readonly Panel[]): Panel[][] {
  const rows: Panel[][] = [];
  for (const panel of panels) {
    if (panel.type === 'row') rows.push([]);
    rows.at(-1)?.push(panel);
  }
  return rows;
}

function rowTable([row, ...panels]: readonly Panel[]): string {
  const cells = panels.map((panel) => [panel.title, panel.description ?? '', queries(panel)]);
  return `**${row?.title}**\n\n${table(['panel', 'question', 'queries'], cells)}`;
}

function queries({ targets = [] }: Panel): string {
  return targets
    .map(({ expr, query, queryType }) => {
      if (queryType === 'serviceMap') return 'service graph of Tempo';
      // A cell ends at a bar, also within code; two backticks hold one.
      return `\`\` ${(expr ?? query ?? '').replaceAll('|', '\\|')} \`\``;
    })
    .join('<br>');
}
