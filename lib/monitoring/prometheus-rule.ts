import type { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import * as monitoring from '../../imports/monitoring.coreos.com';
import type { MonitoringSettings } from './settings';

/** A rule that pages somebody. */
export interface Alert {
  /** Name of the alert, and the heading of what to do in the runbook. */
  readonly alert: string;
  /** PromQL; the alert fires for each series that it returns. */
  readonly expr: string;
  /** How long it has to hold, as Prometheus writes it. */
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  /** What is wrong, in one sentence without a full stop. */
  readonly summary: string;
  /** What that means for somebody who is paged. */
  readonly description: string;
}

/** All of a rule but its name, which is written where the alert is, so that a search for it finds it. */
export type UnnamedAlert = Omit<Alert, 'alert'>;

/** Properties of {@link PrometheusRule}. */
export interface PrometheusRuleProps {
  /** Name, namespace and labels. */
  readonly metadata: k8s.ObjectMeta & { readonly name: string };
  /** Settings of the existing Prometheus. */
  readonly settings: MonitoringSettings;
  /** Alerts of one component. */
  readonly alerts: readonly Alert[];
  /** File of this repository that tells what to do, e.g. `lib/loki/runbook.md`. */
  readonly runbook: string;
}

/**
 * Alerts of a component, for the existing Prometheus.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
 */
export class PrometheusRule extends Construct {
  /** Names of the alerts, as Prometheus reports those that fire. */
  public readonly alertNames: readonly string[];

  constructor(scope: Construct, id: string, { metadata, settings, alerts, runbook }: PrometheusRuleProps) {
    super(scope, id);

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
              labels: { severity },
              annotations: { summary, description, ...runbookLink(settings, runbook, alert) },
            })),
          },
        ],
      },
    });
  }
}

/** Where a person reads what to do, if the operator has said where this repository can be read. */
function runbookLink(
  { repositoryUrl }: MonitoringSettings,
  file: string,
  alert: string,
): Record<string, string> {
  return repositoryUrl === undefined
    ? {}
    : { runbook_url: `${repositoryUrl}/${file}#${alert.toLowerCase()}` };
}
