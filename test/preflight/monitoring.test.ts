import { expect, test } from '@jest/globals';
import { Desired } from '../../lib/preflight/desired';
import { preflight } from '../../lib/preflight/preflight';
import type { Manifest } from '../support/render';
import { assess, cluster, desired, existing, pick, remove, STACK } from './existing';
import { reports, type Wrong } from './wrong';

const prometheus = (objects: Manifest[]) =>
  pick(objects, 'Prometheus', 'prometheus-kube-prometheus-prometheus');
const grafana = (objects: Manifest[]) => pick(objects, 'Deployment', 'prometheus-grafana');

const datasources = (objects: Manifest[]) =>
  pick(objects, 'ConfigMap', 'prometheus-kube-prometheus-grafana-datasource');

/** Rewrites the provisioning file of the existing datasources. */
function provision(objects: Manifest[], change: (file: Manifest) => void): void {
  const { data } = datasources(objects);
  const file = JSON.parse(data['datasource.yaml']);
  change(file);
  data['datasource.yaml'] = JSON.stringify(file);
}

function variable(objects: Manifest[], sidecar: string, name: string, value: string): void {
  const { containers } = grafana(objects).spec.template.spec;
  const { env } = containers.find((one: Manifest) => one.name === sidecar);
  const found = env.find((one: Manifest) => one.name === name);
  if (found) found.value = value;
  else env.push({ name, value });
}

const prometheusSpec = (fields: object) => ({ prometheus: { prometheusSpec: fields } });
const sidecarValues = (role: string, fields: object) => ({ grafana: { sidecar: { [role]: fields } } });

const WRONG: readonly Wrong[] = [
  {
    what: 'another release',
    id: 'prometheus-selectors',
    change: (objects) => {
      const { spec } = prometheus(objects);
      for (const name of ['serviceMonitorSelector', 'podMonitorSelector', 'ruleSelector'])
        spec[name] = { matchLabels: { release: 'kps' } };
    },
    verdict: 'fail',
    observed:
      'Prometheus monitoring/prometheus-kube-prometheus-prometheus reads ServiceMonitors with release=kps; those of this stack have release=prometheus',
    paste: { monitoring: { release: 'kps' } },
  },
  {
    what: 'a selector that no release meets',
    id: 'prometheus-selectors',
    change: (objects) => {
      prometheus(objects).spec.ruleSelector = { matchExpressions: [{ key: 'team', operator: 'Exists' }] };
    },
    verdict: 'fail',
    observed:
      'Prometheus monitoring/prometheus-kube-prometheus-prometheus reads PrometheusRules with team; those of this stack have release=prometheus',
    kubePrometheusStack: prometheusSpec({ ruleSelector: {}, ruleSelectorNilUsesHelmValues: false }),
  },
  {
    what: 'a Prometheus that reads some namespaces',
    id: 'prometheus-selectors',
    change: (objects) => {
      const names = { matchLabels: { 'kubernetes.io/metadata.name': 'default' } };
      prometheus(objects).spec.serviceMonitorNamespaceSelector = names;
    },
    verdict: 'fail',
    observed:
      'Prometheus monitoring/prometheus-kube-prometheus-prometheus reads no ServiceMonitor in namespace monitoring',
    kubePrometheusStack: prometheusSpec({ serviceMonitorNamespaceSelector: {} }),
  },
  {
    what: 'two Prometheus servers that read the same',
    id: 'prometheus-selectors',
    change: (objects) => {
      const second = structuredClone(prometheus(objects));
      second.metadata.name = 'second';
      objects.push(second);
    },
    verdict: 'warn',
    observed:
      'monitoring/prometheus-kube-prometheus-prometheus and monitoring/second both read every ServiceMonitor of this stack',
  },
  {
    what: 'no Prometheus',
    id: 'prometheus-selectors',
    change: (objects) => remove(objects, prometheus(objects)),
    verdict: 'fail',
    observed: 'the operator runs no Prometheus',
  },
  {
    what: 'no Grafana',
    id: 'grafana-datasources-sidecar',
    change: (objects) => remove(objects, grafana(objects)),
    verdict: 'fail',
    observed: 'no Deployment or StatefulSet runs a container of Grafana',
  },
  {
    what: 'a Grafana without the sidecar',
    id: 'grafana-datasources-sidecar',
    change: (objects) => grafana(objects).spec.template.spec.containers.splice(1, 1),
    verdict: 'fail',
    observed: 'Deployment monitoring/prometheus-grafana has no sidecar for datasources',
    kubePrometheusStack: sidecarValues('datasources', { enabled: true }),
  },
  {
    what: 'another label of the sidecar',
    id: 'grafana-datasources-sidecar',
    change: (objects) => variable(objects, 'grafana-sc-datasources', 'LABEL', 'team_datasource'),
    verdict: 'fail',
    observed:
      'Deployment monitoring/prometheus-grafana reads datasources with team_datasource=1 in namespace monitoring; those of this stack have the label grafana_datasource',
    paste: { grafana: { datasourceLabel: 'team_datasource' } },
  },
  {
    what: 'another value of that label',
    id: 'grafana-datasources-sidecar',
    change: (objects) => variable(objects, 'grafana-sc-datasources', 'LABEL_VALUE', 'true'),
    verdict: 'fail',
    observed:
      'Deployment monitoring/prometheus-grafana reads datasources with grafana_datasource=true in namespace monitoring; those of this stack have the value 1',
    paste: { grafana: { datasourceLabelValue: 'true' } },
  },
  {
    what: 'a Grafana in another namespace',
    id: 'grafana-datasources-sidecar',
    change: (objects) => {
      grafana(objects).metadata.namespace = 'grafana';
    },
    verdict: 'fail',
    observed:
      'Deployment grafana/prometheus-grafana reads datasources with grafana_datasource=1 in namespace grafana; those of this stack are in monitoring',
    paste: { grafana: { namespace: 'grafana' } },
  },
  {
    what: 'a sidecar that reads ConfigMaps only',
    id: 'grafana-datasources-sidecar',
    change: (objects) => variable(objects, 'grafana-sc-datasources', 'RESOURCE', 'configmap'),
    verdict: 'fail',
    observed:
      'Deployment monitoring/prometheus-grafana reads datasources with grafana_datasource=1 in namespace monitoring; it reads only ConfigMaps, and that of this stack is a Secret',
    kubePrometheusStack: sidecarValues('datasources', { resource: 'both' }),
  },
  {
    what: 'a Grafana whose pods the NetworkPolicies do not select',
    id: 'network-policies',
    change: (objects) => {
      grafana(objects).spec.template.metadata.labels = { app: 'grafana' };
    },
    verdict: 'fail',
    observed: 'the NetworkPolicies block Grafana: Deployment monitoring/prometheus-grafana',
    paste: { networkPolicies: { grafana: { podLabels: { app: 'grafana' } } } },
  },
  {
    what: 'a Prometheus in another namespace',
    id: 'network-policies',
    change: (objects) => {
      pick(objects, 'StatefulSet', 'prometheus-prometheus-kube-prometheus-prometheus').metadata.namespace =
        'default';
    },
    verdict: 'fail',
    observed:
      'the NetworkPolicies block Prometheus: StatefulSet default/prometheus-prometheus-kube-prometheus-prometheus',
    paste: {
      networkPolicies: {
        prometheus: { namespace: 'default', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
      },
    },
  },
  {
    what: 'a datasource with the name of one of this stack',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => file.datasources.push({ name: 'Loki', type: 'loki', uid: 'old' })),
    verdict: 'fail',
    observed:
      'ConfigMap monitoring/prometheus-kube-prometheus-grafana-datasource defines the datasource Loki (uid old), and this stack adds one of that name or uid: Grafana would not start again, or would replace it',
    paste: { grafana: { datasourceSuffix: 'stack' } },
  },
  {
    what: 'a file with the name of one of this stack',
    id: 'grafana-datasources',
    change: (objects) => {
      datasources(objects).data['logs-and-traces.yaml'] = '{}';
    },
    verdict: 'fail',
    observed:
      'ConfigMap monitoring/prometheus-kube-prometheus-grafana-datasource has a file logs-and-traces.yaml too: the sidecar would overwrite one with the other',
  },
  {
    what: 'two defaults',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => {
        file.datasources[1].isDefault = true;
      }),
    verdict: 'fail',
    observed: 'Prometheus and Alertmanager are both the default: Grafana does not start again',
  },
  {
    what: 'no default',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => {
        file.datasources[0].isDefault = false;
      }),
    verdict: 'warn',
    observed: 'no provisioned datasource is the default',
    kubePrometheusStack: sidecarValues('datasources', { isDefaultDatasource: true }),
  },
  {
    what: 'a Prometheus with another uid',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => {
        file.datasources[0].uid = 'metrics';
      }),
    verdict: 'fail',
    observed:
      'links and dashboards refer to a Prometheus with uid prometheus; the existing uids are metrics, alertmanager',
    paste: { grafana: { prometheusUid: 'metrics' } },
  },
  {
    what: 'a Prometheus without a uid',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => {
        file.datasources[0].uid = undefined;
      }),
    verdict: 'fail',
    observed:
      'links and dashboards refer to a Prometheus with uid prometheus; the existing uids are none, alertmanager',
    kubePrometheusStack: sidecarValues('datasources', { uid: 'prometheus' }),
  },
  {
    what: 'a Prometheus behind another Service',
    id: 'prometheus-url',
    change: (objects) => {
      pick(objects, 'Service', 'prometheus-kube-prometheus-prometheus').metadata.name = 'kps-prometheus';
    },
    verdict: 'fail',
    observed:
      'http://prometheus-kube-prometheus-prometheus:9090 does not resolve to a Service: links from logs to metrics fail',
    paste: { grafana: { prometheusUrl: 'http://kps-prometheus.monitoring:9090' } },
  },
  {
    what: 'a Prometheus on another port',
    id: 'prometheus-url',
    change: (objects) => {
      pick(objects, 'Service', 'prometheus-kube-prometheus-prometheus').spec.ports[0].port = 80;
    },
    verdict: 'fail',
    observed:
      'http://prometheus-kube-prometheus-prometheus:9090 does not resolve to a Service: links from logs to metrics fail',
    paste: { grafana: { prometheusUrl: 'http://prometheus-kube-prometheus-prometheus.monitoring:80' } },
  },
  {
    what: 'no Service of Prometheus',
    id: 'prometheus-url',
    change: (objects) => remove(objects, pick(objects, 'Service', 'prometheus-kube-prometheus-prometheus')),
    verdict: 'warn',
    observed:
      'http://prometheus-kube-prometheus-prometheus:9090 does not resolve to a Service: links from logs to metrics fail',
  },
  {
    what: 'exemplars that Prometheus drops',
    id: 'exemplars',
    change: (objects) => {
      prometheus(objects).spec.enableFeatures = ['native-histograms'];
    },
    verdict: 'warn',
    observed:
      'Prometheus monitoring/prometheus-kube-prometheus-prometheus drops exemplars, so metrics do not link to traces',
    kubePrometheusStack: prometheusSpec({ enableFeatures: ['native-histograms', 'exemplar-storage'] }),
  },
  {
    what: 'a Prometheus that does not accept metrics by OTLP',
    id: 'otlp-receiver',
    values: { tracing: { metrics: { enabled: true } } },
    change: (objects) => {
      delete prometheus(objects).spec.enableOTLPReceiver;
    },
    verdict: 'fail',
    observed:
      'Prometheus monitoring/prometheus-kube-prometheus-prometheus answers OTLP with 404, so metrics of SDKs are lost',
    kubePrometheusStack: prometheusSpec({ enableOTLPReceiver: true }),
  },
  {
    what: 'no datasource that can be seen',
    id: 'grafana-datasources',
    change: (objects) => remove(objects, datasources(objects)),
    verdict: 'unknown',
    observed: 'no ConfigMap with the label grafana_datasource defines a datasource',
  },
];

reports(WRONG);

test('treats an empty selector as everything and a missing one as nothing', () => {
  const verdict = (selector: object | undefined) =>
    assess('prometheus-selectors', (objects) => {
      prometheus(objects).spec.ruleSelector = selector;
    }).map((result) => result.verdict);

  expect(verdict({})).not.toContain('fail');
  expect(verdict(undefined)).toContain('fail');
});

test('reports that nothing is required of Grafana if nothing is rendered for it', () => {
  const { settings } = desired();
  const results = preflight(new Desired(settings, []), cluster(existing()));

  for (const id of ['grafana-datasources-sidecar', 'grafana-dashboards-sidecar', 'grafana-datasources'])
    expect(results.filter((result) => result.id === id)).toMatchObject([{ verdict: 'ok', required: false }]);
});

test.each([
  ['http://prometheus-kube-prometheus-prometheus.monitoring.svc.cluster.local:9090', 'ok'],
  ['http://prometheus-kube-prometheus-prometheus.monitoring:9090', 'ok'],
  ['https://thanos.example.com/prometheus', 'unknown'],
])('finds %s', (prometheusUrl, verdict) => {
  const values = { ...STACK, grafana: { prometheusUrl } };

  expect(assess('prometheus-url', () => {}, values)).toMatchObject([{ verdict }]);
});

test('compares the datasources in the values with the existing ones', () => {
  const values = { ...STACK, grafana: { existingDatasources: { Jaeger: 'jaeger' } } };
  const add = (objects: Manifest[]) =>
    provision(objects, (file) => file.datasources.push({ name: 'Jaeger', type: 'jaeger', uid: 'jaeger' }));

  expect(assess('grafana-datasources', add, values)).toMatchObject([{ verdict: 'ok' }]);
  expect(assess('grafana-datasources', () => {}, values)).toMatchObject([
    {
      verdict: 'fail',
      observed:
        'grafana.existingDatasources gives Jaeger the uid jaeger; the existing uids are prometheus, alertmanager',
    },
  ]);
});

test.each([STACK, { ...STACK, grafana: { namespace: 'grafana' } }])(
  'has a fix for a Grafana that reads dashboards only in its own namespace, with %j',
  (values) => {
    const own = (objects: Manifest[]) => {
      grafana(objects).metadata.namespace = 'grafana';
      variable(objects, 'grafana-sc-dashboard', 'NAMESPACE', 'grafana');
    };
    const [before] = assess('grafana-dashboards-sidecar', own, values);

    // No setting moves the dashboards, so what solves the problem is a Helm value.
    expect(before).toMatchObject({
      verdict: 'fail',
      kubePrometheusStack: sidecarValues('dashboards', { searchNamespace: 'ALL' }),
    });
    expect(before?.values).toBeUndefined();
    const all = (objects: Manifest[]) => {
      own(objects);
      variable(objects, 'grafana-sc-dashboard', 'NAMESPACE', 'ALL');
    };
    expect(assess('grafana-dashboards-sidecar', all, values)).toMatchObject([{ verdict: 'ok' }]);
  },
);
