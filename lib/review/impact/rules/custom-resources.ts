import { at, type Json, listAt } from '../../manifests/json';
import { kubernetesDocs, type Rule, type Versions } from './rule';

const replaceDefinition = ({ new: object }: Versions) => [
  `kubectl get ${object.name} --all-namespaces -o yaml > objects.yaml   # deleting the definition deletes them all`,
  `kubectl delete crd/${object.name}, apply the new manifests, and make the objects anew from objects.yaml`,
];

/** Whether objects of a kind were stored in a version. */
const isStored = (version: Json | undefined, { old }: Versions) =>
  listAt(old.content, 'spec', 'versions').some(
    (one) => at(one, 'name') === version && at(one, 'storage') === true,
  );

/** Kinds that the Prometheus operator makes configuration of. */
const MONITORING = ['ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'Probe'].map(
  (kind) => `monitoring.coreos.com/${kind}`,
);

/** Rules about custom resources, and what defines them. */
export const CUSTOM_RESOURCE_RULES: readonly Rule[] = [
  {
    id: 'informing-label',
    types: MONITORING,
    paths: ['version', 'managed-by', 'part-of'].map((label) => `metadata.labels[app.kubernetes.io/${label}]`),
    effect: 'live',
    says: 'a label that informs people',
    reason: 'Nothing acts on it, unless a selector asks for it.',
    source: kubernetesDocs('concepts/overview/working-with-objects/common-labels/'),
  },
  {
    id: 'custom-resource-definition',
    types: ['apiextensions.k8s.io/CustomResourceDefinition'],
    paths: ['spec.scope', 'spec.group', 'spec.names.kind', 'spec.names.plural'],
    effect: 'refused',
    says: 'this field of a CustomResourceDefinition cannot be changed',
    reason: 'scope, group, kind and plural of a kind that is established are immutable.',
    source: kubernetesDocs('tasks/extend-kubernetes/custom-resources/custom-resource-definitions/'),
    steps: replaceDefinition,
  },
  {
    id: 'stored-version-gone',
    types: ['apiextensions.k8s.io/CustomResourceDefinition'],
    paths: ['spec.versions.*.name'],
    when: ({ old, new: next }, versions) => next === undefined && isStored(old, versions),
    effect: 'refused',
    says: 'the version that objects are stored in cannot be removed',
    reason:
      'status.storedVersions lists every version that objects may be stored in, and each has to be in spec.versions.',
    source: kubernetesDocs(
      'tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#upgrade-existing-objects-to-a-new-stored-version',
    ),
    steps: () => [
      'keep the old version with storage: false, and apply the new one with storage: true',
      'write every object once more (kubectl get … -o yaml | kubectl replace -f -), so that it is stored in the new version',
      'take the old version out of status.storedVersions, and then out of the manifest',
    ],
  },
  {
    id: 'monitor-label',
    types: MONITORING,
    paths: ['metadata.labels.**'],
    effect: 'live',
    says: 'Prometheus picks it up by its labels: it may come or go',
    reason:
      'A Prometheus takes what its serviceMonitorSelector, podMonitorSelector or ruleSelector matches; kube-prometheus-stack asks for the label release.',
    source: 'https://prometheus-operator.dev/docs/developer/getting-started/#using-servicemonitors',
  },
  {
    id: 'operator-spec',
    types: MONITORING,
    paths: ['spec.**'],
    effect: 'live',
    says: 'Prometheus takes the change without a restart',
    reason: 'The operator writes a new configuration, and Prometheus reloads it within a minute or two.',
    source: 'https://prometheus-operator.dev/docs/developer/getting-started/',
  },
];
