import { z } from 'zod';
import { budgetSettings } from './budget/settings';
import { LOG_RULES } from './capacity/log-rules';
import { backlogLines, lokiIngestionBytes, streamBurstBytes } from './capacity/logs';
import { capacitySettings } from './capacity/settings';
import { TRACE_RULES } from './capacity/trace-rules';
import { clusterSettings } from './cluster/settings';
import { completeGrafana, grafanaSettings } from './grafana/settings';
import { imagesSettings } from './images/settings';
import { completeIngress, ingressSettings, queryHosts } from './ingress/settings';
import { kubernetesEventsSettings } from './kubernetes-events/settings';
import { logsSettings } from './logs/settings';
import { completeLoki, lokiSettings } from './loki/settings';
import { completeMonitoring, monitoringSettings } from './monitoring/settings';
import { completeNetworkPolicies, networkPoliciesSettings } from './network-policies/settings';
import { otelAgentSettings } from './otel-agent/settings';
import { PART_RULES } from './parts';
import { completePromtail, promtailSettings } from './promtail/settings';
import { foreignOrigin } from './storage-class/foreign-class';
import { storageClassSettings } from './storage-class/settings';
import { tempoSettings } from './tempo/settings';
import { tracingSettings } from './tracing/settings';
import { rule } from './values/rule';

/** All settings of a values file. Types, defaults, `values/schema.json` and the docs are generated from this schema. */
const sections = z.strictObject({
  cluster: clusterSettings.describe('The cluster that the stack is added to.'),
  budget: budgetSettings,
  capacity: capacitySettings,
  images: imagesSettings.prefault({}).describe('Registry, pull policy and pull secrets of all images.'),
  storageClass: storageClassSettings,
  loki: lokiSettings,
  tempo: tempoSettings,
  tracing: tracingSettings,
  logs: logsSettings,
  promtail: promtailSettings,
  otelAgent: otelAgentSettings,
  kubernetesEvents: kubernetesEventsSettings,
  monitoring: monitoringSettings,
  grafana: grafanaSettings,
  ingress: ingressSettings,
  networkPolicies: networkPoliciesSettings,
});
type Checked = z.output<typeof sections>;

/** All settings, checked for contradictions between them. */
export const stackSettings = sections
  .check(
    rule(['cluster.storageClassName', 'storageClass.create'], ({ cluster, storageClass }) =>
      storageClass.create && cluster.storageClassName === undefined
        ? 'must name the StorageClass to create (storageClass.create), such as "gp3"'
        : undefined,
    ),
    rule(
      ['cluster.storageClassName', 'storageClass.create'],
      ({ cluster: { storageClassName = '' }, storageClass: { create, provisioner } }) => {
        const origin = create ? foreignOrigin(storageClassName) : undefined;
        return origin === undefined
          ? undefined
          : `must not be "${storageClassName}" with storageClass.create: a class of that name comes from ${origin}, and this one would create EBS volumes (${provisioner}); set storageClass.create to false to use the existing class, or name another such as "gp3"`;
      },
    ),
    rule(['logs.labels', 'loki.limits.maxLabelNames', 'cluster.name'], ({ cluster, logs, loki }) => {
      const own = cluster.name === undefined ? 0 : 1;
      return logs.labels.length + own > loki.limits.maxLabelNames
        ? `must not contain more labels than loki.limits.maxLabelNames (${loki.limits.maxLabelNames})${own === 0 ? '' : ', less one for cluster.name'}`
        : undefined;
    }),
    rule(['promtail.resources.memoryLimit', 'loki.limits.maxLineSize'], ({ promtail, loki }) =>
      promtail.resources.memoryLimit.value < 64 * loki.limits.maxLineSize.value
        ? `must be at least 64 times loki.limits.maxLineSize (${loki.limits.maxLineSize}), because Promtail buffers a line of each container that it reads`
        : undefined,
    ),
    rule(
      [
        'storageClass.iops',
        'storageClass.create',
        'loki.storage.size',
        'loki.storage.type',
        'tempo.storage.size',
        'tempo.storage.type',
      ],
      (settings) => {
        const { iops, create } = settings.storageClass;
        const smallest =
          Math.min(settings.loki.storage.size.value, settings.tempo.storage.size.value) / 2 ** 30;
        return create && iops > 500 * smallest
          ? `must be at most 500 per GiB of the smallest volume (${smallest}Gi)`
          : undefined;
      },
    ),
    rule(['grafana.maxLines', 'loki.limits.maxQueryLines'], ({ grafana, loki }) =>
      grafana.maxLines > loki.limits.maxQueryLines
        ? `must be at most loki.limits.maxQueryLines (${loki.limits.maxQueryLines}); above it, Loki rejects every query from Explore`
        : undefined,
    ),
    ...(['namespace', 'podLabels'] as const).map((key) =>
      rule(
        [`networkPolicies.ingressController.${key}`, 'ingress.controller', 'ingress.enabled'],
        ({ ingress, networkPolicies }: Checked) =>
          ingress.enabled &&
          ingress.controller === 'alb' &&
          networkPolicies.ingressController[key] !== undefined
            ? 'must be null with ingress.controller alb, whose load balancer is not a pod; use networkPolicies.ingressController.cidrs'
            : undefined,
      ),
    ),
    rule(
      [
        'networkPolicies.ingressController.cidrs',
        'networkPolicies.enabled',
        'ingress.enabled',
        'ingress.controller',
      ],
      ({ ingress, networkPolicies: { enabled, ingressController } }) =>
        enabled && ingress.enabled && ingress.controller === 'alb' && ingressController.cidrs?.length === 0
          ? 'must contain the subnets of the load balancer, which is not a pod; without them it cannot reach Loki and Tempo'
          : undefined,
    ),
    rule(
      [
        'networkPolicies.ingressController.namespace',
        'networkPolicies.ingressController.podLabels',
        'ingress.enabled',
      ],
      ({ ingress, networkPolicies: { ingressController } }) =>
        !ingress.enabled && ingressController.podLabels && !ingressController.namespace
          ? 'is required with podLabels if ingress.enabled is false: no other setting gives the namespace of your own controller'
          : undefined,
    ),
    rule(
      [
        'networkPolicies.logAgent.podLabels',
        'networkPolicies.logAgent',
        'networkPolicies.enabled',
        'logs.agent',
        'loki.enabled',
      ],
      ({ logs, loki, networkPolicies: { enabled, logAgent } }) => {
        const isNamed = logAgent.podLabels !== undefined || logAgent.cidrs.length > 0;
        if (logs.agent !== 'none')
          return isNamed ? `must be null with logs.agent ${logs.agent}, whose pods are known` : undefined;
        return enabled && loki.enabled && !isNamed
          ? 'must name the pods of your own agent with logs.agent none, or networkPolicies.logAgent.cidrs its addresses: without them nothing reaches Loki'
          : undefined;
      },
    ),
    rule(['monitoring.alerts.slowQuery', 'loki.limits.queryTimeout'], ({ monitoring, loki }) =>
      monitoring.alerts.slowQuery.seconds >= loki.limits.queryTimeout.seconds
        ? `must be less than loki.limits.queryTimeout (${loki.limits.queryTimeout.written}), because Loki cancels every query after it`
        : undefined,
    ),
    rule(['ingress.hosts.loki', 'cluster.domain'], (settings) => existingHost(settings, 'loki')),
    rule(['ingress.hosts.tempo', 'cluster.domain'], (settings) => existingHost(settings, 'tempo')),
    rule(['ingress.hosts.tempo', 'ingress.hosts.loki', 'cluster.domain'], ({ ingress, cluster }) => {
      const { loki, tempo } = queryHosts(ingress, cluster);
      return loki === tempo ? `must not be the host name of Loki (${loki})` : undefined;
    }),
    ...PART_RULES,
    ...LOG_RULES,
    ...TRACE_RULES,
  )
  // The last step of reading derives values from other values, so that settings are always complete.
  .transform((settings) => {
    const { cluster } = settings;
    const ingress = completeIngress(settings.ingress, cluster);
    const networkPolicies = completeNetworkPolicies(settings.networkPolicies, { cluster, ingress });
    const { alertmanager, prometheus } = networkPolicies;
    const monitoring = completeMonitoring(settings.monitoring, { cluster, alertmanager });
    const grafana = completeGrafana(settings.grafana, { cluster, prometheus });
    const loki = completeLoki(settings.loki, {
      ingestionBytes: lokiIngestionBytes(cluster, settings.capacity.logsPerDay?.value),
      streamBurstBytes: streamBurstBytes(settings),
    });
    const promtail = completePromtail(settings.promtail, backlogLines(settings.monitoring));
    return { ...settings, loki, promtail, monitoring, grafana, ingress, networkPolicies };
  });

/** The validated settings of a values file, with all defaults and derived values. */
export type Settings = z.output<typeof stackSettings>;

/** kube-prometheus-stack has its own Ingress hosts. A second rule for one of them would take over its traffic. */
function existingHost({ ingress, cluster }: Checked, name: 'loki' | 'tempo'): string | undefined {
  const host = queryHosts(ingress, cluster)[name];
  const taken = ['grafana', 'prometheus', 'alertmanager'].map((existing) => `${existing}.${cluster.domain}`);
  return taken.includes(host) ? `must not be ${host}, which belongs to kube-prometheus-stack` : undefined;
}
