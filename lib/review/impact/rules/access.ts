import { textAt } from '../../manifests/json';
import type { Leaf } from '../leaf';
import { kubernetesDocs, type Rule } from './rule';

/** Patterns of annotations. */
export const annotations = (...keys: readonly string[]) => keys.map((key) => `metadata.annotations[${key}]`);

/** Whether something that kept people out is gone, or is another one. A new object has nothing to lose. */
export const weaker = ({ old, new: next }: Leaf) => old !== undefined && old !== next;

/** Levels of Pod Security, the weakest last; a namespace without a label is `privileged`. */
const LEVELS = ['restricted', 'baseline', 'privileged'];
const level = (value: Leaf['old']) => LEVELS.indexOf(typeof value === 'string' ? value : 'privileged');

/**
 * Rules about who may come in, by single fields. Unlike others they count beside the rule that says how a field takes
 * effect, and for new objects too.
 */
export const ACCESS_RULES: readonly Rule[] = [
  {
    id: 'no-longer-internal',
    types: ['Service'],
    paths: annotations(
      'service.beta.kubernetes.io/aws-load-balancer-internal',
      'service.beta.kubernetes.io/azure-load-balancer-internal',
      'networking.gke.io/load-balancer-type',
      'cloud.google.com/load-balancer-type',
    ),
    when: weaker,
    effect: 'access',
    says: 'its load balancer may no longer be internal',
    reason: 'Without this annotation cloud providers make load balancers that face the internet.',
    source: kubernetesDocs('concepts/services-networking/service/#internal-load-balancer'),
  },
  {
    id: 'service-exposed',
    types: ['Service'],
    paths: ['spec.type'],
    when: ({ new: next }) => next === 'LoadBalancer' || next === 'NodePort',
    effect: 'access',
    says: 'it can be reached from outside of the cluster',
    reason: 'NodePort opens a port on every node, LoadBalancer an address outside.',
    source: kubernetesDocs('concepts/services-networking/service/#publishing-services-service-types'),
  },
  {
    id: 'service-external-ip',
    types: ['Service'],
    paths: ['spec.externalIPs.**'],
    when: ({ new: next }) => next !== undefined,
    effect: 'access',
    says: 'it takes traffic for an address outside of the cluster',
    reason:
      'Nodes route traffic for an external IP to the Service; who sets it can take traffic that is not his.',
    source: kubernetesDocs('concepts/services-networking/service/#external-ips'),
  },
  {
    id: 'source-ranges',
    types: ['Service'],
    paths: ['spec.loadBalancerSourceRanges.**'],
    when: (leaf, { old, new: next }) =>
      textAt(next.content, 'spec', 'type') === 'LoadBalancer' &&
      (leaf.old === undefined ? 'loadBalancerSourceRanges' in Object(old.content['spec']) : true),
    effect: 'access',
    says: 'other addresses may reach its load balancer',
    reason: 'Without loadBalancerSourceRanges every address may connect.',
    source: kubernetesDocs('tasks/access-application-cluster/create-external-load-balancer/'),
  },
  {
    id: 'pod-security-level',
    types: ['Namespace'],
    paths: ['metadata.labels[pod-security.kubernetes.io/enforce]'],
    when: ({ old, new: next }, versions) =>
      level(next) > (Object.keys(versions.old.content).length === 0 ? LEVELS.length : level(old)),
    effect: 'access',
    says: 'pods in this namespace may do more',
    reason: 'The label says what the API server admits; without it everything is.',
    source: kubernetesDocs(
      'concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces',
    ),
  },
  {
    id: 'service-account-token',
    types: ['ServiceAccount'],
    paths: ['automountServiceAccountToken'],
    when: ({ old, new: next }) => old === false && next !== false,
    effect: 'access',
    says: 'its pods that do not say otherwise are given a token for the API server when they restart',
    reason: 'With automountServiceAccountToken every process in a pod can act as its service account.',
    source: kubernetesDocs(
      'tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
    ),
  },
  {
    id: 'aggregated-role',
    types: ['rbac.authorization.k8s.io/ClusterRole'],
    paths: ['metadata.labels.**', 'aggregationRule.**'],
    when: ({ keys, new: next }) =>
      next !== undefined &&
      (keys[0] === 'aggregationRule' ||
        (keys.at(-1)?.startsWith('rbac.authorization.k8s.io/aggregate-to-') ?? false)),
    effect: 'access',
    says: 'its rights become part of another role, or those of others become its own',
    reason: 'Cluster roles are put together by the labels that an aggregationRule selects.',
    source: kubernetesDocs('reference/access-authn-authz/rbac/#aggregated-clusterroles'),
  },
  {
    id: 'datasource-default',
    types: ['Secret', 'ConfigMap'],
    paths: ['data.*.datasources.*.isDefault', 'stringData.*.datasources.*.isDefault'],
    when: ({ new: next }) => next === true,
    effect: 'restarts',
    says: 'a second default datasource: Grafana does not start any more with two of one organisation',
    reason:
      'Provisioning ends with "only one datasource per organization can be marked as default", which ends Grafana.',
    source: 'https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources',
  },
];
