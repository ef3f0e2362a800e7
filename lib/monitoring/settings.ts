import * as z from 'zod';
import { serviceHost } from '../constructs/service-host';
import { bytes, count, duration, httpsUrl, httpUrl, objectName, optional } from '../values/fields';

/** Thresholds that differ from cluster to cluster. */
const alertThresholds = z
  .strictObject({
    volumeFillDays: count({ atLeast: 1, atMost: 14 })
      .default(4)
      .describe('Alert this many days before a volume is full, at the trend of the last day.'),
    volumeFreePercent: count({ atLeast: 11, atMost: 50 })
      .default(15)
      .describe(
        'Percentage of bytes and inodes of a volume that must be free. At 10, Loki already rejects lines.',
      ),
    limitPercent: count({ atLeast: 50, atMost: 99 })
      .default(80)
      .describe('Percentage of a limit, such as loki.limits.maxStreams, at which an alert fires.'),
    agentLag: bytes({ atLeast: '64Ki', example: '5Mi' })
      .prefault('5Mi')
      .describe(
        'Bytes that the agent may lag behind in one log file. Use half of containerLogMaxSize of the kubelet: a file that is ' +
          'rotated twice before it is read is lost.',
      ),
    queryErrorPercent: count({ atLeast: 1, atMost: 99 })
      .default(10)
      .describe('Percentage of queries that may fail.'),
    slowQuery: duration({ atLeast: '1s', atMost: '90s', examples: ['10s', '30s'] })
      .prefault('30s')
      .describe('Alert when one in ten queries takes longer.'),
  })
  .prefault({})
  .describe('Alert thresholds.');
export type AlertThresholds = z.output<typeof alertThresholds>;

/** Settings of the existing Prometheus. */
export const monitoringSettings = z
  .strictObject({
    release: objectName('Helm release')
      .default('prometheus')
      .describe(
        'Helm release of kube-prometheus-stack. Its Prometheus reads only ServiceMonitors with this release label.',
      ),
    scrapeInterval: duration({ atLeast: '5s', atMost: '2m', examples: ['15s', '30s'] })
      .prefault('30s')
      .describe('How often Prometheus scrapes. Alerts use rates over 5 minutes, which need two scrapes.'),
    repositoryUrl: optional(httpsUrl('https://git.example.com/platform/logs-and-traces/blob/main')).describe(
      'URL where people read this repository. Alerts then link to their runbook.',
    ),
    alertmanagerUrl: optional(httpUrl('http://prometheus-kube-prometheus-alertmanager:9093')).describe(
      'Where Loki sends log alerts (docs/alerts.md); null is port 9093 of the Service ' +
        'prometheus-kube-prometheus-alertmanager in networkPolicies.alertmanager.namespace.',
    ),
    alerts: alertThresholds,
  })
  .prefault({})
  .describe('The existing Prometheus.');

/** The settings, with what other sections say of the existing Alertmanager. */
export function completeMonitoring(
  settings: z.output<typeof monitoringSettings>,
  existing: {
    readonly cluster: { readonly namespace: string; readonly dnsDomain: string };
    readonly alertmanager: { readonly namespace: string };
  },
) {
  const service = { name: 'prometheus-kube-prometheus-alertmanager', ...existing.alertmanager };
  const host = serviceHost(service, existing.cluster.namespace, existing.cluster.dnsDomain);
  return { ...settings, alertmanagerUrl: settings.alertmanagerUrl ?? `http://${host}:9093` };
}
export type MonitoringSettings = ReturnType<typeof completeMonitoring>;
