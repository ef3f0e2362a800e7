import { type Check, fail, ok, warn } from '../check';
import type { Prometheus } from '../kinds';
import { valuesOf } from '../wanted';
import { existingFiles } from './grafana-datasources';

const EXEMPLARS = 'exemplar-storage';

/** Where exemplars are made, Prometheus stores them and Grafana links them to traces. */
export const exemplars: Check = {
  id: 'exemplars',
  source: 'https://prometheus.io/docs/prometheus/latest/feature_flags/#exemplars-storage',
  judge(wanted, cluster) {
    const made = valuesOf(wanted.configs, 'exemplars').some((value) =>
      valuesOf([value], 'enabled').includes(true),
    );
    if (!made) return [ok('no exemplars are made')];
    const findings = cluster
      .all<Prometheus>('Prometheus')
      .filter(({ spec }) => !(spec.enableFeatures ?? []).includes(EXEMPLARS))
      .map(({ metadata, spec }) =>
        warn(
          `Prometheus ${metadata.namespace}/${metadata.name} drops exemplars: no jump from a metric to its trace`,
          'turn their storage on; Prometheus restarts once',
          {
            kubePrometheusStack: {
              prometheus: { prometheusSpec: { enableFeatures: [...(spec.enableFeatures ?? []), EXEMPLARS] } },
            },
          },
        ),
      );
    const label = wanted.sidecarFiles.find(({ role }) => role === 'datasources')?.label.key;
    const linked = existingFiles(cluster, label ?? '').some((file) =>
      file.datasources.some(({ jsonData }) => jsonData?.['exemplarTraceIdDestinations'] !== undefined),
    );
    if (!linked)
      findings.push(
        warn(
          'the existing Prometheus datasource has no exemplarTraceIdDestinations',
          'let it link exemplars to Tempo',
          {
            kubePrometheusStack: {
              grafana: {
                sidecar: {
                  datasources: {
                    exemplarTraceIdDestinations: {
                      datasourceUid: 'tempo',
                      traceIdLabelName: 'trace_id',
                      urlDisplayLabel: 'View trace',
                    },
                  },
                },
              },
            },
          },
        ),
      );
    return findings.length > 0 ? findings : [ok('Prometheus stores exemplars, and Grafana links them')];
  },
};

/** Where something of ours writes to Prometheus, Prometheus takes it. */
export const remoteWriteReceiver: Check = {
  id: 'remote-write-receiver',
  source: 'https://prometheus.io/docs/prometheus/latest/feature_flags/#remote-write-receiver',
  judge(wanted, cluster) {
    const writers = valuesOf(wanted.configs, 'exporters').flatMap((one) =>
      typeof one === 'object' && one !== null
        ? Object.keys(one).filter((key) => key.startsWith('prometheusremotewrite'))
        : [],
    );
    const urls = valuesOf(wanted.configs, 'remote_write').flat();
    if (writers.length + urls.length === 0) return [ok('nothing of ours writes to Prometheus: it scrapes')];
    const shut = cluster
      .all<Prometheus>('Prometheus')
      .filter(({ spec }) => spec.enableRemoteWriteReceiver !== true);
    if (shut.length === 0) return [ok('Prometheus takes remote writes')];
    return shut.map(({ metadata }) =>
      fail(
        `Prometheus ${metadata.namespace}/${metadata.name} takes no remote writes`,
        'turn the receiver on',
        {
          kubePrometheusStack: { prometheus: { prometheusSpec: { enableRemoteWriteReceiver: true } } },
        },
      ),
    );
  },
};
