import type { Manifest } from '../support/render';
import { OBJECTS } from './objects';

/** An object before and after a change. */
export interface Pair {
  readonly what: string;
  readonly old: Manifest;
  readonly new: Manifest;
  /** The only way of applying that the assessment is about; by default it is about every way. */
  readonly only?: 'server-side' | 'client-side';
}

export type Edit = (object: Manifest) => void;

/** A pair of manifests of one type: the object of that type, edited before and after. */
export function pair(type: string, after: Edit, before: Edit = () => {}): Pair {
  const make = OBJECTS[type];
  if (!make) throw new Error(`there is no object of type ${type}`);
  // Through text: objects share labels, and an edit of one place must not be one of both.
  const [old, next] = [JSON.parse(JSON.stringify(make())), JSON.parse(JSON.stringify(make()))];
  before(old);
  before(next);
  after(next);
  return { what: type, old, new: next };
}

const container = (object: Manifest) => object.spec.template.spec.containers[0];

const annotate =
  (key: string, value?: string): Edit =>
  (object) => {
    object.metadata.annotations = value === undefined ? {} : { [key]: value };
  };

const inbound = 'alb.ingress.kubernetes.io/inbound-cidrs';

/** For each rule about fields, the smallest changes that it is about. */
export const PAIRS: Readonly<Record<string, readonly Pair[]>> = {
  'workload-selector': ['apps/Deployment', 'apps/DaemonSet'].map((type) =>
    pair(type, ({ spec }) => {
      spec.selector.matchLabels = { app: 'y' };
      spec.template.metadata.labels = { app: 'y' };
    }),
  ),
  'template-labels': [
    pair('apps/Deployment', ({ spec }) => {
      spec.template.metadata.labels = { app: 'y' };
    }),
  ],
  'statefulset-field': [
    pair('apps/StatefulSet', ({ spec }) => {
      spec.serviceName = 'y';
    }),
    pair('apps/StatefulSet', ({ spec }) => {
      spec.podManagementPolicy = 'Parallel';
    }),
    pair('apps/StatefulSet', ({ spec }) => {
      spec.selector.matchLabels = { app: 'y' };
      spec.template.metadata.labels = { app: 'y' };
    }),
  ],
  'statefulset-claim-templates': [
    pair('apps/StatefulSet', ({ spec }) => {
      spec.volumeClaimTemplates[0].spec.resources.requests.storage = '3Gi';
    }),
    pair('apps/StatefulSet', ({ spec }) => {
      spec.volumeClaimTemplates[0].spec.storageClassName = 'gp2';
    }),
    pair('apps/StatefulSet', ({ spec }) => {
      spec.volumeClaimTemplates = [];
    }),
  ],
  'job-template': [
    pair('batch/Job', (object) => {
      container(object).image = 'example.com/main:2';
    }),
  ],
  'job-field': [
    pair(
      'batch/Job',
      ({ spec }) => {
        spec.backoffLimitPerIndex = 2;
      },
      ({ spec }) => {
        Object.assign(spec, { completionMode: 'Indexed', completions: 2, backoffLimitPerIndex: 1 });
      },
    ),
    pair(
      'batch/Job',
      ({ spec }) => {
        spec.completionMode = 'Indexed';
      },
      ({ spec }) => {
        spec.completions = 2;
      },
    ),
  ],
  'job-completions': [
    pair(
      'batch/Job',
      ({ spec }) => {
        spec.completions = 3;
      },
      ({ spec }) => {
        spec.completions = 2;
      },
    ),
  ],
  'pod-image': [
    pair('Pod', ({ spec }) => {
      spec.containers[0].image = 'example.com/main:2';
    }),
  ],
  'pod-field': [
    pair('Pod', ({ spec }) => {
      spec.tolerations = [{ operator: 'Exists' }];
    }),
    pair('Pod', ({ spec }) => {
      spec.containers[0].env[0].value = 'b';
    }),
    pair('Pod', ({ spec }) => {
      spec.nodeSelector = { a: 'b' };
    }),
  ],
  'scale-to-zero': [
    pair('apps/Deployment', ({ spec }) => {
      spec.replicas = 0;
    }),
  ],
  'recreate-after-default': [
    {
      ...pair('apps/Deployment', ({ spec }) => {
        spec.strategy = { type: 'Recreate' };
      }),
      only: 'server-side',
    },
  ],
  'on-delete-after-default': [
    pair('apps/StatefulSet', ({ spec }) => {
      spec.updateStrategy = { type: 'OnDelete' };
    }),
  ],
  'update-strategy': [
    pair(
      'apps/Deployment',
      ({ spec }) => {
        spec.strategy = { type: 'Recreate' };
      },
      ({ spec }) => {
        spec.strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
      },
    ),
    pair(
      'apps/StatefulSet',
      ({ spec }) => {
        spec.updateStrategy = { type: 'OnDelete' };
      },
      ({ spec }) => {
        spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
      },
    ),
    pair('apps/DaemonSet', ({ spec }) => {
      spec.updateStrategy = { type: 'OnDelete' };
    }),
    pair('apps/Deployment', ({ spec }) => {
      spec.strategy = { rollingUpdate: { maxSurge: 2 } };
    }),
    pair('apps/Deployment', ({ spec }) => {
      spec.paused = true;
    }),
  ],
  'recreate-beside-rolling-update': [
    pair(
      'apps/Deployment',
      ({ spec }) => {
        spec.strategy.type = 'Recreate';
      },
      ({ spec }) => {
        spec.strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
      },
    ),
  ],
  'claim-shrinks': [
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.resources.requests.storage = '1Gi';
    }),
  ],
  'claim-grows': [
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.resources.requests.storage = '3Gi';
    }),
  ],
  'claim-attributes-class': [
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.volumeAttributesClassName = 'fast';
    }),
  ],
  'claim-class-named': [
    pair(
      'PersistentVolumeClaim',
      ({ spec }) => {
        spec.storageClassName = 'gp3';
      },
      ({ spec }) => {
        delete spec.storageClassName;
      },
    ),
  ],
  'claim-field': [
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.storageClassName = 'gp2';
    }),
    pair('PersistentVolumeClaim', ({ spec }) => {
      delete spec.storageClassName;
    }),
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.accessModes = ['ReadWriteMany'];
    }),
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.volumeMode = 'Block';
    }),
  ],
  'storage-class-field': [
    pair('storage.k8s.io/StorageClass', (object) => {
      object.parameters.type = 'b';
    }),
    pair('storage.k8s.io/StorageClass', (object) => {
      object.provisioner = 'example.com/b';
    }),
    pair('storage.k8s.io/StorageClass', (object) => {
      object.reclaimPolicy = 'Delete';
    }),
    pair('storage.k8s.io/StorageClass', (object) => {
      object.volumeBindingMode = 'WaitForFirstConsumer';
    }),
  ],
  'storage-class-expansion': [
    pair('storage.k8s.io/StorageClass', (object) => {
      object.allowVolumeExpansion = false;
    }),
  ],
  'claim-retention-policy': [
    pair('apps/StatefulSet', ({ spec }) => {
      spec.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Retain' };
    }),
  ],
  'service-keeps-cluster-ip': [
    pair(
      'Service',
      ({ spec }) => {
        delete spec.clusterIP;
      },
      ({ spec }) => {
        spec.clusterIP = 'None';
      },
    ),
    pair(
      'Service',
      ({ spec }) => {
        delete spec.clusterIP;
      },
      ({ spec }) => {
        spec.clusterIP = '10.43.0.77';
      },
    ),
  ],
  'service-cluster-ip': [
    pair('Service', ({ spec }) => {
      spec.clusterIP = 'None';
    }),
    pair(
      'Service',
      ({ spec }) => {
        spec.clusterIP = '10.43.0.78';
      },
      ({ spec }) => {
        spec.clusterIP = '10.43.0.77';
      },
    ),
    pair(
      'Service',
      ({ spec }) => {
        spec.clusterIP = '10.43.0.77';
      },
      ({ spec }) => {
        spec.clusterIP = 'None';
      },
    ),
  ],
  'service-ip-family': [
    pair(
      'Service',
      ({ spec }) => {
        spec.ipFamilies = ['IPv6'];
      },
      ({ spec }) => {
        Object.assign(spec, { clusterIP: 'None', ipFamilies: ['IPv4'], selector: undefined });
      },
    ),
  ],
  'service-load-balancer-class': [
    pair(
      'Service',
      ({ spec }) => {
        spec.loadBalancerClass = 'example.com/b';
      },
      ({ spec }) => {
        Object.assign(spec, { type: 'LoadBalancer', loadBalancerClass: 'example.com/a' });
      },
    ),
  ],
  'claims-retained': [
    pair(
      'apps/StatefulSet',
      ({ spec }) => {
        spec.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Retain', whenScaled: 'Retain' };
      },
      ({ spec }) => {
        spec.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Retain' };
      },
    ),
  ],
  'rollout-history': [
    pair('apps/StatefulSet', ({ spec }) => {
      spec.revisionHistoryLimit = 3;
    }),
    pair('apps/Deployment', ({ spec }) => {
      spec.progressDeadlineSeconds = 60;
    }),
  ],
  'job-run': [
    pair('batch/Job', ({ spec }) => {
      spec.parallelism = 2;
    }),
    pair('batch/Job', ({ spec }) => {
      spec.ttlSecondsAfterFinished = 60;
    }),
  ],
  'disruption-budget': [
    pair('policy/PodDisruptionBudget', ({ spec }) => {
      spec.maxUnavailable = 0;
    }),
  ],
  'pull-secrets': [
    pair('ServiceAccount', (object) => {
      object.imagePullSecrets = [{ name: 'registry' }];
    }),
  ],
  'becomes-immutable': [
    pair('ConfigMap', (object) => {
      object.immutable = true;
    }),
  ],
  'service-traffic': [
    pair('Service', ({ spec }) => {
      spec.sessionAffinity = 'ClientIP';
    }),
    pair('Service', ({ spec }) => {
      spec.publishNotReadyAddresses = true;
    }),
  ],
  'service-becomes-name': [
    pair('Service', ({ spec }) => {
      Object.assign(spec, { type: 'ExternalName', externalName: 'example.com' });
    }),
  ],
  'service-type': [
    pair(
      'Service',
      ({ spec }) => {
        spec.type = 'ClusterIP';
      },
      ({ spec }) => {
        spec.type = 'NodePort';
      },
    ),
    pair(
      'Service',
      ({ spec }) => {
        spec.type = 'ClusterIP';
      },
      ({ spec }) => {
        spec.type = 'LoadBalancer';
      },
    ),
    pair(
      'Service',
      ({ spec }) => {
        spec.type = 'ClusterIP';
        delete spec.externalName;
      },
      ({ spec }) => {
        Object.assign(spec, { type: 'ExternalName', externalName: 'example.com' });
      },
    ),
  ],
  'service-selector': [
    pair('Service', ({ spec }) => {
      spec.selector = { app: 'y' };
    }),
  ],
  'service-port-number-twice': [
    pair('Service', ({ spec }) => {
      spec.ports = [
        { name: 'a', port: 80 },
        { name: 'b', port: 80, protocol: 'UDP' },
      ];
    }),
  ],
  'service-port': [
    pair('Service', ({ spec }) => {
      spec.ports[0].port = 81;
    }),
    pair(
      'Service',
      ({ spec }) => {
        spec.ports.push({ name: 'b', port: 81 });
      },
      ({ spec }) => {
        spec.ports[0].name = 'a';
      },
    ),
  ],
  'ingress-tls': [
    pair('networking.k8s.io/Ingress', ({ spec }) => {
      spec.tls[0].secretName = 'certificate';
    }),
  ],
  'load-balancer-setting': [
    pair('networking.k8s.io/Ingress', annotate('alb.ingress.kubernetes.io/certificate-arn', 'b')),
    pair('networking.k8s.io/Ingress', annotate('nginx.ingress.kubernetes.io/proxy-read-timeout', '60')),
  ],
  middleware: [
    pair('traefik.io/Middleware', ({ spec }) => {
      spec.ipAllowList.sourceRange = ['0.0.0.0/0'];
    }),
    pair('traefik.io/Middleware', (object) => {
      object.spec = {};
    }),
  ],
  'middleware-stricter': [
    pair('traefik.io/Middleware', ({ spec }) => {
      spec.basicAuth = { secret: 'login' };
    }),
  ],
  'gateway-listener': [
    pair('gateway.networking.k8s.io/HTTPRoute', ({ spec }) => {
      spec.parentRefs[0].sectionName = 'http';
    }),
  ],
  'gateway-filter': [
    pair('gateway.networking.k8s.io/HTTPRoute', ({ spec }) => {
      delete spec.rules[0].filters;
    }),
    pair('gateway.networking.k8s.io/HTTPRoute', ({ spec }) => {
      spec.rules[0].filters[0].extensionRef.name = 'y';
    }),
  ],
  'gateway-filter-stricter': [
    pair('gateway.networking.k8s.io/HTTPRoute', ({ spec }) => {
      spec.rules[0].filters.push({
        type: 'ExtensionRef',
        extensionRef: { group: 'x', kind: 'X', name: 'y' },
      });
    }),
  ],
  'gateway-route-setting': [
    pair('gateway.networking.k8s.io/HTTPRoute', ({ spec }) => {
      spec.rules[0].timeouts = { request: '60s' };
    }),
  ],
  'gateway-policy': [
    pair('gateway.envoyproxy.io/SecurityPolicy', ({ spec }) => {
      spec.basicAuth.users.name = 'others';
    }),
    pair('gateway.k8s.aws/ListenerRuleConfiguration', ({ spec }) => {
      spec.conditions[0].sourceIPConfig.values = ['0.0.0.0/0'];
    }),
  ],
  'gateway-policy-stricter': [
    pair('gateway.envoyproxy.io/SecurityPolicy', ({ spec }) => {
      spec.authorization = { defaultAction: 'Deny' };
    }),
  ],
  'target-group': [
    pair('gateway.k8s.aws/TargetGroupConfiguration', ({ spec }) => {
      spec.defaultConfiguration.targetType = 'instance';
    }),
  ],
  'ingress-class': [
    pair('networking.k8s.io/Ingress', ({ spec }) => {
      spec.ingressClassName = 'y';
    }),
  ],
  'load-balancer-group': [
    pair('networking.k8s.io/Ingress', annotate('alb.ingress.kubernetes.io/group.name', 'b')),
  ],
  'immutable-content': ['ConfigMap', 'Secret'].flatMap((type) => {
    const fixed: Edit = (object) => {
      object.immutable = true;
    };
    const data: Edit = (object) => {
      object[type === 'Secret' ? 'stringData' : 'data'].a = 'b';
    };
    return [
      pair(type, data, fixed),
      pair(
        type,
        (object) => {
          object.immutable = false;
        },
        fixed,
      ),
    ];
  }),
  'secret-type': [
    pair('Secret', (object) => {
      object.type = 'example.com/b';
    }),
  ],
  'role-ref': ['rbac.authorization.k8s.io/RoleBinding', 'rbac.authorization.k8s.io/ClusterRoleBinding'].map(
    (type) =>
      pair(type, (object) => {
        object.roleRef.name = 'edit';
      }),
  ),
  'sidecar-label': [
    pair(
      'ConfigMap',
      ({ metadata }) => {
        metadata.labels = {};
      },
      ({ metadata }) => {
        metadata.labels = { grafana_dashboard: '1' };
      },
    ),
  ],
  'delivery-annotation': [
    pair('monitoring.coreos.com/ServiceMonitor', annotate('argocd.argoproj.io/sync-wave', '1')),
    pair('apps/Deployment', annotate('argocd.argoproj.io/sync-wave', '1')),
  ],
  'protection-gone': [
    pair(
      'PersistentVolumeClaim',
      annotate(''),
      annotate('argocd.argoproj.io/sync-options', 'Prune=false,Delete=false'),
    ),
    pair('PersistentVolumeClaim', annotate(''), annotate('helm.sh/resource-policy', 'keep')),
  ],
  'informing-label': [
    pair('monitoring.coreos.com/ServiceMonitor', ({ metadata }) => {
      metadata.labels = { 'app.kubernetes.io/version': '2' };
    }),
  ],
  'custom-resource-definition': [
    pair('apiextensions.k8s.io/CustomResourceDefinition', ({ spec }) => {
      spec.scope = 'Cluster';
    }),
    pair('apiextensions.k8s.io/CustomResourceDefinition', ({ spec }) => {
      spec.names.kind = 'Other';
    }),
  ],
  'stored-version-gone': [
    pair('apiextensions.k8s.io/CustomResourceDefinition', ({ spec }) => {
      spec.versions = [{ ...spec.versions[1], storage: true }];
    }),
  ],
  'recommended-label': [
    pair('apps/Deployment', ({ metadata }) => {
      metadata.labels = { 'app.kubernetes.io/version': '2' };
    }),
    pair('Namespace', ({ metadata }) => {
      metadata.labels = { 'app.kubernetes.io/part-of': 'x' };
    }),
  ],
  metadata: [
    pair('apps/Deployment', ({ metadata }) => {
      metadata.labels = { team: 'b' };
    }),
    pair('Service', ({ metadata }) => {
      metadata.labels = { team: 'b' };
    }),
    pair('ConfigMap', annotate('example.com/team', 'b')),
  ],
  'custom-resource-schema': [
    pair('apiextensions.k8s.io/CustomResourceDefinition', ({ spec }) => {
      spec.versions[0].schema.openAPIV3Schema.properties = { spec: { type: 'object' } };
    }),
    pair('apiextensions.k8s.io/CustomResourceDefinition', ({ spec }) => {
      spec.versions[0].schema.openAPIV3Schema.description = 'A thing.';
    }),
  ],
  'custom-resource-names': [
    pair('apiextensions.k8s.io/CustomResourceDefinition', ({ spec }) => {
      spec.names.shortNames = ['th'];
    }),
  ],
  'scaling-metrics': [
    pair('autoscaling/HorizontalPodAutoscaler', ({ spec }) => {
      const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } };
      spec.metrics = [{ type: 'Resource', resource }];
    }),
  ],
  'pod-security-notice': [
    pair('Namespace', ({ metadata }) => {
      metadata.labels = { 'pod-security.kubernetes.io/warn': 'restricted' };
    }),
  ],
  'monitor-label': [
    pair('monitoring.coreos.com/ServiceMonitor', ({ metadata }) => {
      metadata.labels = { release: 'prometheus' };
    }),
  ],
  'operator-spec': [
    pair('monitoring.coreos.com/ServiceMonitor', ({ spec }) => {
      spec.endpoints[0].port = 'https';
    }),
  ],
  'same-quantity': [
    pair('apps/Deployment', (object) => {
      container(object).resources.requests = { cpu: '1000m', memory: '1024Mi' };
    }),
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.resources.requests.storage = '2048Mi';
    }),
  ],
  null: [
    pair('apps/Deployment', ({ spec }) => {
      spec.template.spec.nodeSelector = null;
    }),
  ],
  'server-fields': [
    pair('apps/Deployment', (object) => {
      object.status = {};
      object.metadata.creationTimestamp = null;
    }),
  ],
  'target-port-default': [
    pair('Service', ({ spec }) => {
      spec.ports[0].targetPort = 80;
    }),
  ],
  default: [
    pair('apps/Deployment', ({ spec }) => {
      spec.replicas = 1;
    }),
  ],

  'internet-facing': [
    pair('networking.k8s.io/Ingress', annotate('alb.ingress.kubernetes.io/scheme', 'internet-facing')),
  ],
  'no-longer-internal': [
    pair('Service', annotate(''), annotate('service.beta.kubernetes.io/aws-load-balancer-internal', 'true')),
  ],
  'allow-list': [
    pair('networking.k8s.io/Ingress', annotate(inbound), annotate(inbound, '10.0.0.0/8')),
    pair('networking.k8s.io/Ingress', annotate(inbound, '0.0.0.0/0'), annotate(inbound, '10.0.0.0/8')),
  ],
  authentication: [
    pair(
      'networking.k8s.io/Ingress',
      annotate(''),
      annotate('nginx.ingress.kubernetes.io/auth-url', 'https://a'),
    ),
  ],
  'plain-http': [
    pair('networking.k8s.io/Ingress', ({ spec }) => {
      delete spec.tls;
    }),
  ],
  'service-exposed': [
    pair('Service', ({ spec }) => {
      spec.type = 'LoadBalancer';
    }),
    pair('Service', ({ spec }) => {
      spec.type = 'NodePort';
    }),
  ],
  'service-external-ip': [
    pair('Service', ({ spec }) => {
      spec.externalIPs = ['192.0.2.1'];
    }),
  ],
  'source-ranges': [
    pair(
      'Service',
      ({ spec }) => {
        delete spec.loadBalancerSourceRanges;
      },
      ({ spec }) => {
        Object.assign(spec, { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] });
      },
    ),
  ],
  'pod-security-level': [
    pair(
      'Namespace',
      ({ metadata }) => {
        metadata.labels = {};
      },
      ({ metadata }) => {
        metadata.labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
      },
    ),
  ],
  'service-account-token': [
    pair(
      'ServiceAccount',
      (object) => {
        object.automountServiceAccountToken = true;
      },
      (object) => {
        object.automountServiceAccountToken = false;
      },
    ),
  ],
  'aggregated-role': [
    pair('rbac.authorization.k8s.io/ClusterRole', ({ metadata }) => {
      metadata.labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    }),
  ],
  'requests-more': [
    pair('apps/Deployment', (object) => {
      container(object).resources.requests.cpu = '2';
    }),
  ],
  'requests-less': [
    pair('apps/Deployment', (object) => {
      container(object).resources.requests.cpu = '500m';
    }),
  ],
  'memory-limit-less': [
    pair('apps/Deployment', (object) => {
      container(object).resources.limits.memory = '1Gi';
    }),
  ],
  'cpu-limit-less': [
    pair('apps/Deployment', (object) => {
      container(object).resources.limits.cpu = '1';
    }),
  ],
  'replicas-less': [
    pair(
      'apps/Deployment',
      ({ spec }) => {
        spec.replicas = 1;
      },
      ({ spec }) => {
        spec.replicas = 2;
      },
    ),
  ],
  'replicas-more': [
    pair('apps/StatefulSet', ({ spec }) => {
      spec.replicas = 2;
    }),
  ],
  'volume-more': [
    pair('PersistentVolumeClaim', ({ spec }) => {
      spec.resources.requests.storage = '3Gi';
    }),
  ],
  autoscaler: [
    pair('autoscaling/HorizontalPodAutoscaler', ({ spec }) => {
      spec.maxReplicas = 3;
    }),
  ],
};
