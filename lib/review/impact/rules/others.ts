import { at } from '../../manifests/json';
import { kubectlName, kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

const isFixed = (_: unknown, { old }: Versions) => at(old.content, 'immutable') === true;

const underNewName = ({ new: object }: Versions) => [
  `give the new content another name (${object.name}-2), and let the pods refer to it; remove the old one afterwards`,
  `or: kubectl delete ${kubectlName(object)}, apply; running pods keep what they have read until they restart`,
];

const replaceBinding = ({ new: object }: Versions) => [
  `kubectl delete ${kubectlName(object)} && apply the new manifests: the rights are gone in between`,
  'without a gap: add a binding with another name for the new role, then remove this one',
];

const replaceClass = () => ['add one with another name, and move what names it'];

/** Rules about configuration, rights and the rest. */
export const OTHER_RULES: readonly Rule[] = [
  {
    id: 'immutable-content',
    types: ['ConfigMap', 'Secret'],
    paths: ['data.**', 'binaryData.**', 'stringData.**', 'immutable'],
    when: isFixed,
    effect: 'refused',
    says: 'it is immutable',
    reason:
      'Content of a ConfigMap or Secret with immutable: true cannot be changed, nor can the mark be taken off.',
    source: kubernetesDocs('concepts/configuration/configmap/#configmap-immutable'),
    steps: underNewName,
  },
  {
    id: 'secret-type',
    types: ['Secret'],
    paths: ['type'],
    effect: 'refused',
    says: 'its type cannot be changed',
    reason: 'The type of a Secret is immutable, as each type has rules of its own for what it holds.',
    source: kubernetesSource('apis/core/validation/validation.go#L7431'),
    steps: underNewName,
  },
  {
    id: 'role-ref',
    types: ['rbac.authorization.k8s.io/RoleBinding', 'rbac.authorization.k8s.io/ClusterRoleBinding'],
    paths: ['roleRef.**'],
    effect: 'refused',
    says: 'the role that it binds cannot be changed',
    reason:
      'roleRef is immutable, so that who may edit the subjects of a binding cannot hand out another role.',
    source: kubernetesDocs('reference/access-authn-authz/rbac/#clusterrolebinding-example'),
    steps: replaceBinding,
  },
  {
    id: 'priority-class',
    types: ['scheduling.k8s.io/PriorityClass'],
    paths: ['value', 'preemptionPolicy'],
    effect: 'refused',
    says: 'its value and its preemption policy cannot be changed',
    reason: 'value and preemptionPolicy of a PriorityClass are immutable.',
    source: kubernetesSource('apis/scheduling/validation/validation.go#L58'),
    steps: replaceClass,
  },
  {
    id: 'runtime-class',
    types: ['node.k8s.io/RuntimeClass'],
    paths: ['handler'],
    effect: 'refused',
    says: 'its handler cannot be changed',
    reason: 'handler of a RuntimeClass is immutable.',
    source: kubernetesSource('apis/node/validation/validation.go#L50'),
    steps: replaceClass,
  },
  {
    id: 'resource-quota-scopes',
    types: ['ResourceQuota'],
    paths: ['spec.scopes.**'],
    effect: 'refused',
    says: 'its scopes cannot be changed',
    reason: 'spec.scopes of a ResourceQuota is immutable.',
    source: kubernetesSource('apis/core/validation/validation.go#L7824'),
    steps: replaceClass,
  },
  {
    id: 'sidecar-label',
    types: ['ConfigMap', 'Secret'],
    paths: ['metadata.labels.grafana_dashboard', 'metadata.labels.grafana_datasource'],
    effect: 'live',
    says: "Grafana's sidecar looks for this label: the file comes or goes",
    reason: 'The sidecar writes a file for each labelled object, and deletes it when the label goes.',
    source: 'https://github.com/kiwigrid/k8s-sidecar#how-to-run',
  },
];
