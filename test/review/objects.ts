import type { Manifest } from '../support/render';

const LABELS = { app: 'x' };

/** A pod template with one of everything that rules and defaults are about. */
function template(restartPolicy = 'Always'): Manifest {
  const probe = { httpGet: { path: '/', port: 80 } };
  return {
    metadata: { labels: LABELS },
    spec: {
      restartPolicy,
      containers: [
        {
          name: 'main',
          image: 'example.com/main:1',
          env: [
            { name: 'A', value: 'a' },
            { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          ],
          ports: [{ name: 'http', containerPort: 80 }],
          resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } },
          livenessProbe: probe,
          readinessProbe: probe,
          startupProbe: probe,
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'x' } },
        { name: 'config', configMap: { name: 'x' } },
        { name: 'secret', secret: { secretName: 'x' } },
        { name: 'all', projected: { sources: [{ configMap: { name: 'x' } }] } },
      ],
    },
  };
}

const namespaced = (apiVersion: string, kind: string, rest: object): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'apps' },
  ...rest,
});

const clusterWide = (apiVersion: string, kind: string, rest: object, name = 'x'): Manifest => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
});

const workload =
  (kind: string, rest: object = {}) =>
  () =>
    namespaced('apps/v1', kind, {
      spec: { selector: { matchLabels: LABELS }, template: template(), ...rest },
    });

const claim = (): Manifest => ({
  accessModes: ['ReadWriteOnce'],
  storageClassName: 'gp3',
  resources: { requests: { storage: '2Gi' } },
});

const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
const subjects = [{ kind: 'ServiceAccount', name: 'x', namespace: 'apps' }];

/** One valid object of each type that a rule is about, with as little in it as rules need. */
export const OBJECTS: Readonly<Record<string, () => Manifest>> = {
  'apps/Deployment': workload('Deployment'),
  'apps/DaemonSet': workload('DaemonSet'),
  'apps/StatefulSet': workload('StatefulSet', {
    serviceName: 'x',
    volumeClaimTemplates: [{ metadata: { name: 'more' }, spec: claim() }],
  }),
  Pod: () => namespaced('v1', 'Pod', { spec: template().spec }),
  'batch/Job': () => namespaced('batch/v1', 'Job', { spec: { template: template('Never') } }),
  Service: () => namespaced('v1', 'Service', { spec: { selector: LABELS, ports: [{ port: 80 }] } }),
  'networking.k8s.io/Ingress': () =>
    namespaced('networking.k8s.io/v1', 'Ingress', {
      spec: {
        ingressClassName: 'x',
        tls: [{ hosts: ['a.example.com'] }],
        rules: [
          {
            host: 'a.example.com',
            http: {
              paths: [
                { path: '/a', pathType: 'Exact', backend: { service: { name: 'x', port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    }),
  'networking.k8s.io/NetworkPolicy': () =>
    namespaced('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: {
        podSelector: { matchLabels: LABELS },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
        egress: [{ to: [{ podSelector: {} }], ports: [{ port: 80 }] }],
      },
    }),
  PersistentVolumeClaim: () => namespaced('v1', 'PersistentVolumeClaim', { spec: claim() }),
  'storage.k8s.io/StorageClass': () =>
    clusterWide('storage.k8s.io/v1', 'StorageClass', {
      provisioner: 'example.com/a',
      parameters: { type: 'a' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'Immediate',
      allowVolumeExpansion: true,
    }),
  ConfigMap: () => namespaced('v1', 'ConfigMap', { data: { a: 'a' } }),
  Secret: () => namespaced('v1', 'Secret', { type: 'Opaque', stringData: { a: 'a' } }),
  'rbac.authorization.k8s.io/RoleBinding': () =>
    namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { ...role }, subjects }),
  'rbac.authorization.k8s.io/ClusterRoleBinding': () =>
    clusterWide('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { roleRef: { ...role }, subjects }),
  'rbac.authorization.k8s.io/ClusterRole': () =>
    clusterWide('rbac.authorization.k8s.io/v1', 'ClusterRole', {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    }),
  'apiextensions.k8s.io/CustomResourceDefinition': () =>
    clusterWide(
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      {
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Thing', plural: 'things' },
          versions: ['v1', 'v2'].map((name) => ({
            name,
            served: true,
            storage: name === 'v1',
            schema: { openAPIV3Schema: { type: 'object' } },
          })),
        },
      },
      'things.example.com',
    ),
  ServiceAccount: () => namespaced('v1', 'ServiceAccount', {}),
  Namespace: () => ({ ...clusterWide('v1', 'Namespace', {}, 'guarded') }),
  'autoscaling/HorizontalPodAutoscaler': () =>
    namespaced('autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' }, maxReplicas: 2 },
    }),
  'policy/PodDisruptionBudget': () =>
    namespaced('policy/v1', 'PodDisruptionBudget', {
      spec: { maxUnavailable: 1, selector: { matchLabels: LABELS } },
    }),
  'traefik.io/Middleware': () =>
    namespaced('traefik.io/v1alpha1', 'Middleware', {
      spec: { ipAllowList: { sourceRange: ['10.0.0.0/8'] } },
    }),
  'gateway.networking.k8s.io/HTTPRoute': () =>
    namespaced('gateway.networking.k8s.io/v1', 'HTTPRoute', {
      spec: {
        parentRefs: [{ name: 'public', sectionName: 'https' }],
        hostnames: ['a.example.com'],
        rules: [
          {
            matches: [{ path: { type: 'Exact', value: '/a' } }],
            filters: [{ type: 'ExtensionRef', extensionRef: { group: 'x', kind: 'X', name: 'x' } }],
            backendRefs: [{ name: 'x', port: 80 }],
          },
        ],
      },
    }),
  'gateway.envoyproxy.io/SecurityPolicy': () =>
    namespaced('gateway.envoyproxy.io/v1alpha1', 'SecurityPolicy', {
      spec: {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'x' }],
        basicAuth: { users: { name: 'users' } },
      },
    }),
  'gateway.k8s.aws/ListenerRuleConfiguration': () =>
    namespaced('gateway.k8s.aws/v1', 'ListenerRuleConfiguration', {
      spec: { conditions: [{ field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } }] },
    }),
  'gateway.k8s.aws/TargetGroupConfiguration': () =>
    namespaced('gateway.k8s.aws/v1', 'TargetGroupConfiguration', {
      spec: { targetReference: { name: 'x' }, defaultConfiguration: { targetType: 'ip' } },
    }),
  'monitoring.coreos.com/ServiceMonitor': () =>
    namespaced('monitoring.coreos.com/v1', 'ServiceMonitor', { spec: { endpoints: [{ port: 'http' }] } }),
};
