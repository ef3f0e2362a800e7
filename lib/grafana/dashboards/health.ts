import { metricsOf } from '../../monitoring/promql';
import type { Row } from '../dashboard';
import type { Panel } from '../panel';
import { stat } from '../panels/stat';
import { promqlNow } from '../query';
import type { DashboardContext } from './context';

/**
 * First row of every dashboard. It shows the health of the stack, firing alerts, and two dashboard-specific panels.
 *
 * @param own The dashboard-specific panels, with a total width of ten columns.
 */
export function health(context: DashboardContext, own: readonly Panel[]): Row {
  return {
    title: 'Health',
    answers: 'Is something wrong, and is the stack itself healthy?',
    height: 4,
    panels: [stackHealth(context), firingAlerts(context), ...own],
  };
}

const AGENT_TITLES = { promtail: 'Promtail', otel: 'Log agent' } as const;

function stackHealth({ names, stores, namespace }: DashboardContext): Panel {
  const { loki, tempo, agent, collector, sampler } = names;
  const components = [
    ...(stores.loki ? [['Loki', loki] as const] : []),
    ...(stores.tempo ? [['Tempo', tempo] as const] : []),
    ...(agent === undefined ? [] : [[AGENT_TITLES[agent.kind], agent.name] as const]),
    ...(collector === undefined ? [] : [['Collector', collector] as const]),
    ...(sampler === undefined ? [] : [['Sampler', sampler] as const]),
  ] as const;
  return stat({
    id: 90,
    title: 'Stack health',
    description:
      'Pods of each component that Prometheus reaches. Down: none of them, or Prometheus does not know the component.',
    width: 8,
    unit: 'percentunit',
    tiles: true,
    mappings: [
      {
        type: 'value',
        options: { '0': { text: 'Down', color: 'red' }, '1': { text: 'Up', color: 'green' } },
      },
    ],
    // Warns if only some pods of a component are up, such as agents.
    thresholds: { warning: 0.001, critical: 2 },
    queries: components.map(([title, name]) =>
      promqlNow(`avg(${metricsOf(name, namespace)('up')}) or vector(0)`, title),
    ),
  });
}

function firingAlerts({ alerts }: DashboardContext): Panel {
  const firing = `ALERTS{alertstate="firing",alertname=~"${alerts.join('|')}"}`;
  return stat({
    id: 91,
    title: 'Firing alerts',
    description: 'Alerts of the stack that fire, with the number of their instances. Each has a runbook.',
    width: 6,
    unit: 'short',
    tiles: true,
    thresholds: { warning: 1, critical: 1 },
    queries: [
      promqlNow(
        `count by (alertname) (${firing}) or on () label_replace(vector(0), "alertname", "None", "", "")`,
        '{{alertname}}',
      ),
    ],
  });
}
