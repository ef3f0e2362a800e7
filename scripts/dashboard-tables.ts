import { App } from 'cdk8s';
import type { Settings } from '../lib/settings';
import { defineStack } from '../lib/stack';

/** A panel as it is in a ConfigMap. */
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly targets?: ReadonlyArray<{ expr?: string; query?: string; queryType?: string }>;
}

/** Every dashboard of a cluster as tables: each panel with its question and its queries. */
export function dashboardTables(settings: Settings): string {
  const app = new App();
  defineStack(app, settings);
  const dashboards = app.charts
    .flatMap((chart) => chart.toJson())
    .filter(({ metadata }) => metadata.name.startsWith('grafana-dashboard-'))
    .map(({ data }) => JSON.parse(Object.values<string>(data)[0] ?? ''));
  return dashboards
    .map(({ title, description, panels }) =>
      [`### ${title}`, '', description, '', ...tables(panels)].join('\n'),
    )
    .join('\n\n');
}

function tables(panels: readonly Panel[]): string[] {
  return panels.flatMap((panel) => {
    if (panel.type !== 'row') return [`| ${panel.title} | ${panel.description} | ${queries(panel)} |`];
    return ['', `**${panel.title}**`, '', '| panel | question | queries |', '| --- | --- | --- |'];
  });
}

function queries({ targets = [] }: Panel): string {
  return targets
    .map(({ expr, query, queryType }) => {
      if (queryType === 'serviceMap') return 'service graph of Tempo';
      // A table cell ends at a bar, also within code; two backticks hold one.
      return `\`\` ${(expr ?? query ?? '').replaceAll('|', '\\|')} \`\``;
    })
    .join('<br>');
}
