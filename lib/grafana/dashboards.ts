import { Construct } from 'constructs';
import { k8s } from '../constructs/k8s';
import { resourceLabels } from '../constructs/labels';
import { memoized } from '../values/memoized';
import { withClusterFilter } from './cluster-filter';
import { dashboardJson } from './dashboard';
import type { DashboardContext } from './dashboards/context';
import { distributedTracing } from './dashboards/distributed-tracing';
import { logAnalysis } from './dashboards/log-analysis';
import { lokiLogs } from './dashboards/loki-logs';
import { tempoTracing } from './dashboards/tempo-tracing';
import type { ExtraDashboard } from './extra-dashboard';
import type { GrafanaSettings } from './settings';

/** The dashboards of this product. */
export function dashboards(context: DashboardContext) {
  const { loki, tempo } = context.stores;
  const own = [
    ...(loki ? [lokiLogs] : []),
    ...(tempo ? [tempoTracing] : []),
    ...(loki ? [logAnalysis] : []),
    ...(tempo ? [distributedTracing] : []),
  ].map((dashboard) => dashboard(context));
  return context.hasClusterName ? own.map(withClusterFilter) : own;
}

/** The dashboards of this product in Grafana's JSON format. */
const dashboardTexts = memoized((context: DashboardContext) =>
  dashboards(context).map((dashboard) => ({
    name: dashboard.name,
    text: JSON.stringify(dashboardJson(dashboard, context.uids)),
  })),
);

/** Properties of {@link Dashboards}. */
export interface DashboardsProps {
  /** Settings of the existing Grafana. */
  readonly settings: GrafanaSettings;
  /** Namespace of the ConfigMaps. The sidecar searches every namespace for dashboards. */
  readonly namespace: string;
  readonly context: DashboardContext;
  /** Dashboards that the operator adds. */
  readonly extra: readonly ExtraDashboard[];
}

/**
 * Dashboards for the existing Grafana. Its sidecar selects them by a label. Each dashboard has its own ConfigMap,
 * because a single object would exceed the size of the annotation of a client-side apply. The JSON has no white space
 * for the same reason.
 */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, props: DashboardsProps) {
    super(scope, id);

    const { settings, namespace, context } = props;
    const extra = props.extra.map(({ name, json }) => ({ name, text: JSON.stringify(json) }));
    for (const { name, text } of [...dashboardTexts(context), ...extra]) {
      const objectName = `grafana-dashboard-${name}`;
      new k8s.KubeConfigMap(this, name, {
        metadata: {
          name: objectName,
          namespace,
          labels: {
            [settings.dashboardLabel]: settings.dashboardLabelValue,
            ...resourceLabels(objectName, 'dashboards'),
          },
          annotations:
            settings.dashboardFolder === undefined
              ? undefined
              : { [settings.dashboardFolderAnnotation]: settings.dashboardFolder },
        },
        // The file name in Grafana. All dashboards share one folder, so it must be unique.
        data: { [`logs-and-traces-${name}.json`]: text },
      });
    }
  }
}
