import { Construct } from 'constructs';
import * as monitoring from '../../imports/monitoring.coreos.com';
import type { k8s } from '../constructs/k8s';
import type { MonitoringSettings } from './settings';

/** An alerting rule. */
export interface Alert {
  /** Name of the alert, which is also its heading in the runbook. */
  readonly alert: string;
  /** PromQL; the alert fires for each series that it returns. */
  readonly expr: string;
  /** How long the condition must last before the alert fires, as a Prometheus duration. */
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  /** What is wrong, in one sentence without a period. */
  readonly summary: string;
  /** What that means, for the person on call. */
  readonly description: string;
}

/** A rule without its name. Each alert's name is written where it is declared, so that a search finds it. */
export type UnnamedAlert = Omit<Alert, 'alert'>;

/** Properties of {@link PrometheusRule}. */
export interface PrometheusRuleProps {
  /** Name, namespace and labels. */
  readonly metadata: k8s.ObjectMeta & { readonly name: string };
  /** Settings of the existing Prometheus. */
  readonly settings: MonitoringSettings;
  /** Name of the cluster, which becomes a label of each alert. */
  readonly clusterName: string | undefined;
  /** Alerts of one component. */
  readonly alerts: readonly Alert[];
  /** File of this repository with the runbook, e.g. `lib/loki/runbook.md`. */
  readonly runbook: string;
}

/**
 * Alerts of a component, for the existing Prometheus.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
 */
export class PrometheusRule extends Construct {
  /** Names of the alerts, as Prometheus reports them. */
  public readonly alertNames: readonly string[];

  constructor(scope: Construct, id: string, props: PrometheusRuleProps) {
    super(scope, id);

    const { metadata, settings, clusterName, alerts, runbook } = props;
    this.alertNames = alerts.map(({ alert }) => alert);
    new monitoring.PrometheusRule(this, 'PrometheusRule', {
      metadata: { ...metadata, labels: { ...metadata.labels, release: settings.release } },
      spec: {
        groups: [
          {
            name: metadata.name,
            rules: alerts.map(({ alert, expr, for: duration, severity, summary, description }) => ({
              alert,
              expr: monitoring.PrometheusRuleSpecGroupsRulesExpr.fromString(expr),
              for: duration,
              labels: { severity, ...(clusterName === undefined ? {} : { cluster: clusterName }) },
              annotations: { summary, description, ...runbookLink(settings, runbook, alert) },
            })),
          },
        ],
      },
    });
  }
}

/** Link to the runbook, if `monitoring.repositoryUrl` is set. */
function runbookLink(
  { repositoryUrl }: MonitoringSettings,
  file: string,
  alert: string,
): Record<string, string> {
  return repositoryUrl === undefined
    ? {}
    : { runbook_url: `${repositoryUrl}/${file}#${alert.toLowerCase()}` };
}
