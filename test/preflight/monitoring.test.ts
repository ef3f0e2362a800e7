import { expect, test } from '@jest/globals';
import type { Check } from '../../lib/preflight/check';
import { grafanaDatasources } from '../../lib/preflight/checks/grafana-datasources';
import { dashboardsSidecar } from '../../lib/preflight/checks/grafana-sidecar';
import { remoteWriteReceiver } from '../../lib/preflight/checks/prometheus-features';
import { Cluster } from '../../lib/preflight/cluster';
import { Wanted } from '../../lib/preflight/wanted';
import { type Manifest, manifests, settings } from '../support/render';
import { existing, judge, pick, remove, STACK } from './existing';
import { tells, type Wrong } from './wrong';

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
    evidence:
      'Prometheus monitoring/prometheus-kube-prometheus-prometheus reads ServiceMonitors with release=kps; ours have release=prometheus',
    ours: { monitoring: { release: 'kps' } },
  },
  {
    what: 'a selector that no release meets',
    id: 'prometheus-selectors',
    change: (objects) => {
      prometheus(objects).spec.ruleSelector = { matchExpressions: [{ key: 'team', operator: 'Exists' }] };
    },
    verdict: 'fail',
    evidence:
      'Prometheus monitoring/prometheus-kube-prometheus-prometheus reads PrometheusRules with team Exists; ours have release=prometheus',
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
    evidence:
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
    evidence:
      'monitoring/prometheus-kube-prometheus-prometheus and monitoring/second both read every ServiceMonitor of ours',
  },
  {
    what: 'no Prometheus',
    id: 'prometheus-selectors',
    change: (objects) => remove(objects, prometheus(objects)),
    verdict: 'fail',
    evidence: 'there is no Prometheus of the operator',
  },
  {
    what: 'no Grafana',
    id: 'grafana-datasources-sidecar',
    change: (objects) => remove(objects, grafana(objects)),
    verdict: 'fail',
    evidence: 'no Deployment or StatefulSet runs a container of Grafana',
  },
  {
    what: 'a Grafana without the sidecar',
    id: 'grafana-datasources-sidecar',
    change: (objects) => grafana(objects).spec.template.spec.containers.splice(1, 1),
    verdict: 'fail',
    evidence: 'Deployment monitoring/prometheus-grafana has no sidecar for datasources',
    kubePrometheusStack: sidecarValues('datasources', { enabled: true }),
  },
  {
    what: 'another label of the sidecar',
    id: 'grafana-datasources-sidecar',
    change: (objects) => variable(objects, 'grafana-sc-datasources', 'LABEL', 'team_datasource'),
    verdict: 'fail',
    evidence:
      'Deployment monitoring/prometheus-grafana reads datasources with team_datasource=1 in namespace monitoring; ours have the label grafana_datasource',
    ours: { grafana: { datasourceLabel: 'team_datasource' } },
  },
  {
    what: 'another value of that label',
    id: 'grafana-datasources-sidecar',
    change: (objects) => variable(objects, 'grafana-sc-datasources', 'LABEL_VALUE', 'true'),
    verdict: 'fail',
    evidence:
      'Deployment monitoring/prometheus-grafana reads datasources with grafana_datasource=true in namespace monitoring; ours have the value 1',
    ours: { grafana: { datasourceLabelValue: 'true' } },
  },
  {
    what: 'a Grafana in another namespace',
    id: 'grafana-datasources-sidecar',
    change: (objects) => {
      grafana(objects).metadata.namespace = 'grafana';
    },
    verdict: 'fail',
    evidence:
      'Deployment grafana/prometheus-grafana reads datasources with grafana_datasource=1 in namespace grafana; ours are in monitoring (of monitoring)',
    ours: { grafana: { namespace: 'grafana' } },
  },
  {
    what: 'a sidecar that reads ConfigMaps only',
    id: 'grafana-datasources-sidecar',
    change: (objects) => variable(objects, 'grafana-sc-datasources', 'RESOURCE', 'configmap'),
    verdict: 'fail',
    evidence:
      'Deployment monitoring/prometheus-grafana reads datasources with grafana_datasource=1 in namespace monitoring; it reads ConfigMaps only, and ours is a Secret',
    kubePrometheusStack: sidecarValues('datasources', { resource: 'both' }),
  },
  {
    what: 'a Grafana whose pods our NetworkPolicies do not know',
    id: 'network-policies',
    change: (objects) => {
      grafana(objects).spec.template.metadata.labels = { app: 'grafana' };
    },
    verdict: 'fail',
    evidence:
      'the NetworkPolicies keep out Grafana, whose pods are those of Deployment monitoring/prometheus-grafana',
    ours: { networkPolicies: { grafana: { podLabels: { app: 'grafana' } } } },
  },
  {
    what: 'a Prometheus in another namespace',
    id: 'network-policies',
    change: (objects) => {
      pick(objects, 'StatefulSet', 'prometheus-prometheus-kube-prometheus-prometheus').metadata.namespace =
        'default';
    },
    verdict: 'fail',
    evidence:
      'the NetworkPolicies keep out Prometheus, whose pods are those of StatefulSet default/prometheus-prometheus-kube-prometheus-prometheus',
    ours: {
      networkPolicies: {
        prometheus: { namespace: 'default', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
      },
    },
  },
  {
    what: 'a DNS of another label',
    id: 'network-policies',
    change: (objects) => {
      pick(objects, 'Deployment', 'coredns').spec.template.metadata.labels = { 'k8s-app': 'coredns' };
    },
    verdict: 'fail',
    evidence: 'the NetworkPolicies keep out DNS, whose pods are those of Deployment kube-system/coredns',
    ours: { networkPolicies: { dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'coredns' } } } },
  },
  {
    what: 'a datasource of our name',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => file.datasources.push({ name: 'Loki', type: 'loki', uid: 'old' })),
    verdict: 'fail',
    evidence:
      'ConfigMap monitoring/prometheus-kube-prometheus-grafana-datasource defines a datasource Loki (uid old); so does the stack',
  },
  {
    what: 'a file of our name',
    id: 'grafana-datasources',
    change: (objects) => {
      datasources(objects).data['logs-and-traces.yaml'] = '{}';
    },
    verdict: 'fail',
    evidence:
      'ConfigMap monitoring/prometheus-kube-prometheus-grafana-datasource has a file logs-and-traces.yaml too: the sidecar would write one over the other',
  },
  {
    what: 'two defaults',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => {
        file.datasources[1].isDefault = true;
      }),
    verdict: 'fail',
    evidence: 'Prometheus and Alertmanager are both the default: Grafana does not start again',
  },
  {
    what: 'no default',
    id: 'grafana-datasources',
    change: (objects) =>
      provision(objects, (file) => {
        file.datasources[0].isDefault = false;
      }),
    verdict: 'warn',
    evidence: 'no provisioned datasource is the default',
    kubePrometheusStack: sidecarValues('datasources', { isDefaultDatasource: true }),
  },
  {
    what: 'no datasource that can be seen',
    id: 'grafana-datasources',
    change: (objects) => remove(objects, datasources(objects)),
    verdict: 'unknown',
    evidence: 'no ConfigMap with the label grafana_datasource defines a datasource',
  },
];

tells(WRONG);

test('lets an empty selector select everything, and a missing one nothing', () => {
  const verdict = (selector: object | undefined) =>
    judge('prometheus-selectors', (objects) => {
      prometheus(objects).spec.ruleSelector = selector;
    }).map((result) => result.verdict);

  expect(verdict({})).not.toContain('fail');
  expect(verdict(undefined)).toContain('fail');
});

test('asks for a remote-write receiver only where something writes', () => {
  const config = (content: object): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', namespace: 'monitoring' },
    data: { 'x.yaml': JSON.stringify(content) },
  });
  const judged = (content: object) =>
    remoteWriteReceiver.judge(new Wanted([config(content)]), new Cluster(existing()));

  expect(judged({ exporters: { prometheus: {} } })).toMatchObject([{ verdict: 'ok' }]);
  for (const writing of [
    { exporters: { 'prometheusremotewrite/existing': {} } },
    { metrics_generator: { storage: { remote_write: [{ url: 'http://prometheus:9090/api/v1/write' }] } } },
  ]) {
    expect(judged(writing)).toEqual([
      {
        verdict: 'fail',
        evidence: 'Prometheus monitoring/prometheus-kube-prometheus-prometheus takes no remote writes',
        cure: 'turn the receiver on',
        kubePrometheusStack: { prometheus: { prometheusSpec: { enableRemoteWriteReceiver: true } } },
      },
    ]);
  }
});

test('wants the sidecar for dashboards to find them, and their datasources to be there', () => {
  const dashboard = (uid: string): Manifest => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'logs',
      namespace: 'monitoring',
      labels: { grafana_dashboard: '1', 'app.kubernetes.io/part-of': 'logs-and-traces' },
    },
    data: { 'logs.json': JSON.stringify({ panels: [{ datasource: { type: 'prometheus', uid } }] }) },
  });
  const judged = (uid: string, check: Check, change: (objects: Manifest[]) => void = () => {}) => {
    const objects = existing();
    change(objects);
    const stack = manifests(settings(STACK));
    return check.judge(new Wanted([...stack, dashboard(uid)]), new Cluster(objects));
  };

  expect(judged('prometheus', dashboardsSidecar)).toMatchObject([{ verdict: 'ok' }]);
  expect(
    judged('prometheus', dashboardsSidecar, (objects) =>
      variable(objects, 'grafana-sc-dashboard', 'NAMESPACE', 'grafana'),
    ),
  ).toMatchObject([{ verdict: 'fail' }]);
  expect(judged('prometheus', grafanaDatasources)).toMatchObject([{ verdict: 'ok' }]);
  expect(judged('mimir', grafanaDatasources)).toMatchObject([
    {
      verdict: 'fail',
      evidence: 'the stack refers to a datasource of uid mimir; there are prometheus, alertmanager',
      kubePrometheusStack: sidecarValues('datasources', { uid: 'mimir' }),
    },
  ]);
  for (const uid of ['$datasource', '-- Grafana --', 'loki'])
    expect(judged(uid, grafanaDatasources)).toMatchObject([{ verdict: 'ok' }]);
});
