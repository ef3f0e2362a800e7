import { z } from 'zod';
import { grafanaSettings } from './grafana/settings';
import { ingressSettings } from './ingress/settings';
import { clusterSettings, imagesSettings } from './kubernetes/settings';
import { lokiSettings } from './loki/settings';
import { promtailSettings } from './promtail/settings';
import { storageClassSettings } from './storage-class/settings';
import { tempoSettings } from './tempo/settings';
import { rule } from './values/rule';

/** Everything that a values file may hold. Types, defaults, `values/schema.json` and the docs come from here. */
export const stackSettings = z
  .strictObject({
    cluster: clusterSettings.describe('The cluster that the stack is added to.'),
    images: imagesSettings.prefault({}).describe('Where the images of all components come from.'),
    storageClass: storageClassSettings,
    loki: lokiSettings,
    tempo: tempoSettings,
    promtail: promtailSettings,
    grafana: grafanaSettings,
    ingress: ingressSettings,
  })
  .check(
    rule(['cluster.storageClassName', 'storageClass.create'], ({ cluster, storageClass }) =>
      storageClass.create && cluster.storageClassName === null
        ? 'must name the StorageClass that storageClass.create is to create, such as "gp3"'
        : undefined,
    ),
    rule(['promtail.labels', 'loki.limits.maxLabelNames'], ({ promtail, loki }) =>
      promtail.labels.length > loki.limits.maxLabelNames
        ? `must not hold more labels than loki.limits.maxLabelNames (${loki.limits.maxLabelNames})`
        : undefined,
    ),
    rule(['promtail.resources.memoryLimit', 'loki.limits.maxLineSize'], ({ promtail, loki }) =>
      promtail.resources.memoryLimit.value < 64 * loki.limits.maxLineSize.value
        ? `must be at least 64 times loki.limits.maxLineSize (${loki.limits.maxLineSize}): Promtail holds a line of each container it reads`
        : undefined,
    ),
    rule(['ingress.hosts', 'cluster.domain'], (settings) => {
      const { loki, tempo } = queryHosts(settings);
      if (loki === tempo) return `must be two names, one for Loki and one for Tempo; both are ${loki}`;
      const { domain } = settings.cluster;
      const taken = [`grafana.${domain}`, `prometheus.${domain}`].find(
        (host) => host === loki || host === tempo,
      );
      return taken === undefined ? undefined : `must not be ${taken}, which the existing Ingress serves`;
    }),
  );

/** What a values file says, checked, with every default applied. */
export type Settings = z.output<typeof stackSettings>;

/** Host names by which the query APIs are reached from outside. */
export function queryHosts({ ingress, cluster }: Pick<Settings, 'ingress' | 'cluster'>) {
  return {
    loki: ingress.hosts.loki ?? `loki.${cluster.domain}`,
    tempo: ingress.hosts.tempo ?? `tempo.${cluster.domain}`,
  };
}
