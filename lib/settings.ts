import * as z from 'zod';
import { ENTRANCE_RULES } from './access/entrance-rules';
import { budgetSettings } from './budget/settings';
import { COLLECTOR_RULES } from './capacity/collector-rules';
import { logQueueBytes, tracingFor } from './capacity/collectors';
import { LOG_RULES } from './capacity/log-rules';
import { backlogLines, lokiIngestionBytes, streamBurstBytes } from './capacity/logs';
import { capacitySettings } from './capacity/settings';
import { TRACE_RULES } from './capacity/trace-rules';
import { clusterSettings } from './cluster/settings';
import { completeGateway, gatewaySettings } from './gateway/settings';
import { completeGrafana, grafanaSettings } from './grafana/settings';
import { TENANT_DATASOURCE_RULES } from './grafana/tenant-rules';
import { imagesSettings } from './images/settings';
import { completeIngress, ingressSettings } from './ingress/settings';
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
import { TENANT_RULES } from './tenants/rules';
import { tenantsSettings } from './tenants/settings';
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
  tenants: tenantsSettings,
  promtail: promtailSettings,
  otelAgent: otelAgentSettings,
  kubernetesEvents: kubernetesEventsSettings,
  monitoring: monitoringSettings,
  grafana: grafanaSettings,
  ingress: ingressSettings,
  gateway: gatewaySettings,
  networkPolicies: networkPoliciesSettings,
});

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
    ...ENTRANCE_RULES,
    rule(['cluster.name', 'ingress.push.enabled', 'ingress.controller'], ({ cluster, ingress }) =>
      ingress.controller !== 'alb' && ingress.push.enabled && cluster.name === undefined
        ? 'is required with ingress.push.enabled: with it, Loki keeps the names of clusters as the label cluster'
        : undefined,
    ),
    ...TENANT_RULES,
    ...TENANT_DATASOURCE_RULES,
    ...PART_RULES,
    ...LOG_RULES,
    ...TRACE_RULES,
    ...COLLECTOR_RULES,
  )
  // The last step of reading derives values from other values, so that settings are always complete.
  .transform((settings) => {
    const { cluster } = settings;
    const ingress = completeIngress(settings.ingress, cluster);
    const gateway = completeGateway(settings.gateway, cluster);
    const networkPolicies = completeNetworkPolicies(settings.networkPolicies, { cluster, ingress, gateway });
    const { alertmanager, prometheus } = networkPolicies;
    const monitoring = completeMonitoring(settings.monitoring, { cluster, alertmanager });
    const grafana = completeGrafana(settings.grafana, { cluster, prometheus });
    const loki = completeLoki(settings.loki, {
      ingestionBytes: lokiIngestionBytes(settings),
      streamBurstBytes: streamBurstBytes(settings),
      collectorBytes: logQueueBytes(settings),
    });
    const promtail = completePromtail(settings.promtail, backlogLines(settings.monitoring));
    const tracing = tracingFor(settings);
    return { ...settings, loki, tracing, promtail, monitoring, grafana, ingress, gateway, networkPolicies };
  });

/** The validated settings of a values file, with all defaults and derived values. */
export type Settings = z.output<typeof stackSettings>;
