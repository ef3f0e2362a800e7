import { type Check, notRequired, ok, warn } from '../check';
import { existingDatasources } from './grafana-datasources';

const FEATURE = 'exemplar-storage';
const LINK = { datasourceUid: 'tempo', traceIdLabelName: 'trace_id', urlDisplayLabel: 'View trace' };

/** Prometheus stores the exemplars of the collector, and Grafana links them to traces. */
export const exemplars: Check = {
  id: 'exemplars',
  source: 'https://prometheus.io/docs/prometheus/latest/feature_flags/#exemplars-storage',
  command: 'get prometheus --all-namespaces -o yaml',
  *assess(desired, cluster) {
    const { tracing, grafana } = desired.settings;
    if (tracing.sampling.type === 'client' || !grafana.enabled)
      return notRequired('no exemplars are produced');
    const servers = cluster.all('Prometheus');
    for (const server of servers) {
      const { enableFeatures = [] } = server.spec ?? {};
      if (!enableFeatures.includes(FEATURE))
        yield warn(
          [server],
          `Prometheus ${server.metadata.namespace}/${server.metadata.name} drops exemplars, so metrics do not link to traces`,
          'enable their storage; Prometheus restarts once',
          {
            kubePrometheusStack: {
              prometheus: { prometheusSpec: { enableFeatures: [...enableFeatures, FEATURE] } },
            },
          },
        );
    }
    const linked = existingDatasources(cluster, desired).filter(({ linksExemplars }) => linksExemplars);
    if (linked.length === 0 && !grafana.exemplars.enabled)
      yield warn(
        [],
        'no existing Prometheus datasource with exemplarTraceIdDestinations was found',
        'let it link exemplars to Tempo',
        {
          kubePrometheusStack: {
            grafana: { sidecar: { datasources: { exemplarTraceIdDestinations: LINK } } },
          },
        },
      );
    return ok(servers, 'Prometheus stores exemplars, and Grafana links them to traces');
  },
};
