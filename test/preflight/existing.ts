import { Cluster, type Reading } from '../../lib/preflight/cluster';
import { Desired } from '../../lib/preflight/desired';
import { preflight, type Result } from '../../lib/preflight/preflight';
import { caseAdditions, type Manifest, manifests, settings } from '../support/render';

/** The stack of the README's cluster, as it is to be applied. */
export const STACK = { cluster: { storageClassName: 'gp3' }, ingress: { enabled: true } };

const HELM = { 'meta.helm.sh/release-name': 'prometheus', 'meta.helm.sh/release-namespace': 'monitoring' };

const groups = [
  'v1.',
  'v1.apps',
  'v1.rbac.authorization.k8s.io',
  'v1.networking.k8s.io',
  'v1.storage.k8s.io',
  'v1.policy',
  'v1.scheduling.k8s.io',
  'v1.monitoring.coreos.com',
];

const namespace = (name: string, labels = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  status: { phase: 'Active' },
});

const node = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/os': 'linux', 'topology.kubernetes.io/zone': 'eu-central-1a' } },
  spec: {},
  status: {
    addresses: [{ type: 'InternalIP', address: `10.0.1.${name.at(-1)}` }],
    nodeInfo: {
      kubeletVersion: 'v1.33.4-eks-99d6cc0',
      containerRuntimeVersion: 'containerd://1.7.27',
      osImage: 'Amazon Linux 2023.8.20250707',
    },
  },
});

/** A Service, with the EndpointSlice that its controller makes. */
export function service(
  namespace: string,
  name: string,
  fields: { clusterIP: string; selector?: Record<string, string>; labels?: Record<string, string> },
  ports: readonly {
    name: string;
    port: number;
    protocol: string;
    target: number | string;
    number?: number;
  }[],
  addresses: readonly string[],
): Manifest[] {
  const { clusterIP, selector, labels } = fields;
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: {
        clusterIP,
        selector,
        ports: ports.map(({ name, port, protocol, target }) => ({
          name,
          port,
          protocol,
          targetPort: target,
        })),
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-x`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: addresses.map((address) => ({ addresses: [address] })),
      ports: ports.map(({ name, protocol, target, number }) => ({
        name,
        protocol,
        port: number ?? (typeof target === 'number' ? target : undefined),
      })),
    },
  ];
}

/** The Service of the cluster DNS, as CoreDNS has it almost everywhere. */
export const kubeDns = (target: number | string = 53, number?: number) =>
  ['UDP', 'TCP'].map((protocol) => ({
    name: protocol === 'UDP' ? 'dns' : 'dns-tcp',
    port: 53,
    protocol,
    target,
    number,
  }));

export const https = (target: number) => [{ name: 'https', port: 443, protocol: 'TCP', target }];

/** A definition of a custom resource of the operator, which takes any field. */
export function crd(kind: string, plural: string): Manifest {
  const group = 'monitoring.coreos.com';
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** A workload, with what the API server asks for besides. */
export function workload(
  kind: string,
  metadata: Manifest,
  spec: Manifest,
  labels: Record<string, string> = { 'app.kubernetes.io/name': metadata.name },
): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
      ...(kind === 'StatefulSet' ? { serviceName: metadata.name } : {}),
    },
  };
}

const sidecar = (name: string, label: string, namespaces?: string): Manifest => ({
  name,
  image: 'quay.io/kiwigrid/k8s-sidecar:2.10.1',
  env: [
    { name: 'METHOD', value: 'WATCH' },
    { name: 'LABEL', value: label },
    { name: 'LABEL_VALUE', value: '1' },
    { name: 'RESOURCE', value: 'both' },
    ...(namespaces === undefined ? [] : [{ name: 'NAMESPACE', value: namespaces }]),
  ],
});

const DATASOURCES = {
  apiVersion: 1,
  datasources: [
    {
      name: 'Prometheus',
      type: 'prometheus',
      uid: 'prometheus',
      access: 'proxy',
      isDefault: true,
      jsonData: {},
    },
    { name: 'Alertmanager', type: 'alertmanager', uid: 'alertmanager', access: 'proxy' },
  ],
};

/** Alertmanager as the operator of kube-prometheus-stack makes it. */
export function alertmanager(
  namespace: string,
  name = 'prometheus-kube-prometheus-alertmanager',
): Manifest[] {
  const labels = { 'app.kubernetes.io/name': 'alertmanager' };
  const ports = [{ name: 'http-web', containerPort: 9093 }];
  return [
    workload(
      'StatefulSet',
      { name: `alertmanager-${name}`, namespace },
      { containers: [{ name: 'alertmanager', image: 'quay.io/prometheus/alertmanager:v0.31.1', ports }] },
      labels,
    ),
    ...service(
      namespace,
      name,
      { clusterIP: '172.20.7.11', selector: labels },
      [{ name: 'http-web', port: 9093, protocol: 'TCP', target: 'http-web', number: 9093 }],
      ['10.0.1.31'],
    ),
  ];
}

/**
 * Objects of an EKS cluster with kube-prometheus-stack 88.5.3 as the release `prometheus`, as its templates
 * render them, cut down to the fields that are looked at.
 *
 * @see https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack
 */
export function existing(): Manifest[] {
  const release = { matchLabels: { release: 'prometheus' } };
  return [
    ...groups.map((name) => ({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name },
    })),
    crd('Prometheus', 'prometheuses'),
    ...['ServiceMonitor', 'PodMonitor', 'PrometheusRule'].map((kind) => crd(kind, `${kind.toLowerCase()}s`)),
    ...['default', 'kube-system', 'monitoring'].map((name) => namespace(name)),
    ...['node-1', 'node-2', 'node-3'].map(node),
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Prometheus',
      metadata: { name: 'prometheus-kube-prometheus-prometheus', namespace: 'monitoring', annotations: HELM },
      spec: {
        serviceMonitorSelector: release,
        serviceMonitorNamespaceSelector: {},
        podMonitorSelector: release,
        podMonitorNamespaceSelector: {},
        ruleSelector: release,
        ruleNamespaceSelector: {},
        enableFeatures: ['exemplar-storage'],
        enableOTLPReceiver: true,
      },
    },
    workload(
      'Deployment',
      { name: 'prometheus-grafana', namespace: 'monitoring', annotations: HELM },
      {
        containers: [
          sidecar('grafana-sc-dashboard', 'grafana_dashboard', 'ALL'),
          sidecar('grafana-sc-datasources', 'grafana_datasource'),
          { name: 'grafana', image: 'docker.io/grafana/grafana:13.2.0' },
        ],
      },
      { 'app.kubernetes.io/name': 'grafana', 'app.kubernetes.io/instance': 'prometheus' },
    ),
    // The operator makes it of the Prometheus resource.
    workload(
      'StatefulSet',
      { name: 'prometheus-prometheus-kube-prometheus-prometheus', namespace: 'monitoring' },
      { containers: [{ name: 'prometheus', image: 'quay.io/prometheus/prometheus:v3.6.0' }] },
      { 'app.kubernetes.io/name': 'prometheus' },
    ),
    workload(
      'Deployment',
      { name: 'coredns', namespace: 'kube-system' },
      { containers: [{ name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.12.1' }] },
      { 'k8s-app': 'kube-dns' },
    ),
    ...service(
      'kube-system',
      'kube-dns',
      { clusterIP: '172.20.0.10', selector: { 'k8s-app': 'kube-dns' }, labels: { 'k8s-app': 'kube-dns' } },
      kubeDns(),
      ['10.0.1.20', '10.0.2.20'],
    ),
    ...service(
      'monitoring',
      'prometheus-kube-prometheus-prometheus',
      { clusterIP: '172.20.7.9', selector: { 'app.kubernetes.io/name': 'prometheus' } },
      [{ name: 'http-web', port: 9090, protocol: 'TCP', target: 9090 }],
      ['10.0.1.30'],
    ),
    ...alertmanager('monitoring'),
    ...service('default', 'kubernetes', { clusterIP: '172.20.0.1' }, https(443), ['10.0.1.5', '10.0.2.5']),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'prometheus-kube-prometheus-grafana-datasource',
        namespace: 'monitoring',
        labels: { grafana_datasource: '1' },
        annotations: HELM,
      },
      data: {
        'datasource.yaml': JSON.stringify({
          ...DATASOURCES,
          datasources: DATASOURCES.datasources.map((one) => ({
            ...one,
            jsonData: { exemplarTraceIdDestinations: [{ datasourceUid: 'tempo', name: 'trace_id' }] },
          })),
        }),
      },
    },
    workload(
      'DaemonSet',
      { name: 'prometheus-prometheus-node-exporter', namespace: 'monitoring', annotations: HELM },
      {
        containers: [{ name: 'node-exporter', image: 'quay.io/prometheus/node-exporter:v1.10.2' }],
        volumes: [{ name: 'root', hostPath: { path: '/' } }],
      },
    ),
    { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'ebs.csi.aws.com' }, spec: {} },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'gp3', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'ebs.csi.aws.com',
      allowVolumeExpansion: true,
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'alb' },
      spec: { controller: 'ingress.k8s.aws/alb' },
    },
    workload(
      'Deployment',
      {
        name: 'aws-load-balancer-controller',
        namespace: 'kube-system',
        labels: { 'app.kubernetes.io/name': 'aws-load-balancer-controller' },
      },
      {
        containers: [
          {
            name: 'aws-load-balancer-controller',
            image: 'public.ecr.aws/eks/aws-load-balancer-controller:v2.14.0',
          },
        ],
      },
    ),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'prometheus-grafana-ingress', namespace: 'monitoring' },
      spec: {
        ingressClassName: 'alb',
        rules: ['grafana.example.com', 'prometheus.example.com'].map((host) => ({ host })),
      },
    },
  ];
}

/** The existing object of a kind and name, to be changed by a test. */
export function pick(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind}/${name}`);
  return found;
}

/** What preflight says of one check, after a change of the existing cluster. */
export function assess(
  id: string,
  change: (objects: Manifest[]) => void = () => {},
  values: object = STACK,
): Result[] {
  const objects = existing();
  change(objects);
  return preflight(desired(values), cluster(objects)).filter((result) => result.id === id);
}

/** What a values file renders, with the log alerts of the docs. */
export function desired(values: object = STACK): Desired {
  const complete = settings(values);
  return new Desired(complete, manifests(complete, caseAdditions('everything')));
}

/** A cluster of which everything was read. */
export function cluster(objects: readonly Manifest[], reading: Reading = {}): Cluster {
  return new Cluster(objects, {
    inotify: [{ node: 'node-1', instances: 8192, watches: 524_288 }],
    grafana: [{ name: 'Prometheus', uid: 'prometheus', url: 'http://prometheus:9090', readOnly: true }],
    ...reading,
  });
}

/** Takes an object away. */
export function remove(objects: Manifest[], gone: Manifest): void {
  objects.splice(objects.indexOf(gone), 1);
}

/** A claim of ours that is there already. */
export function claim(storageClassName: string, storage: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: 'loki',
      namespace: 'monitoring',
      labels: { 'app.kubernetes.io/part-of': 'logs-and-traces' },
    },
    spec: { storageClassName, resources: { requests: { storage } } },
  };
}
