import { at, textAt } from '../../kubernetes/json';
import { levelIndex, POD_SECURITY_LABEL } from '../../kubernetes/pod-security';
import { becomes, type ObjectRule, replaced, rule } from '../rule';

const SERVICE = ['Service'];
const CLUSTER_ROLE = ['rbac.authorization.k8s.io/ClusterRole'];
const ENFORCE = [`metadata.labels[${POD_SECURITY_LABEL}enforce]`];
const AGGREGATION = ['metadata.labels.**', 'aggregationRule.**'];

/** Cloud provider annotations that keep a load balancer internal. */
const INTERNAL = [
  'service.beta.kubernetes.io/aws-load-balancer-internal',
  'service.beta.kubernetes.io/azure-load-balancer-internal',
  'networking.gke.io/load-balancer-type',
  'cloud.google.com/load-balancer-type',
].map((key) => `metadata.annotations[${key}]`);

const beside = true;

/** Rules about access, by single fields. */
export const ACCESS_RULES: readonly ObjectRule[] = [
  rule('access', 'no-longer-internal', SERVICE, INTERNAL, { beside, when: replaced }),
  rule('access', 'service-exposed', SERVICE, ['spec.type'], {
    beside,
    when: becomes('LoadBalancer', 'NodePort'),
  }),
  rule('access', 'service-external-ip', SERVICE, ['spec.externalIPs.**'], {
    beside,
    when: ({ new: next }) => next !== undefined,
  }),
  rule('access', 'source-ranges', SERVICE, ['spec.loadBalancerSourceRanges.**'], {
    beside,
    when: (leaf, { old, new: next }) =>
      textAt(next, 'spec', 'type') === 'LoadBalancer' &&
      (leaf.old !== undefined || at(old, 'spec', 'loadBalancerSourceRanges') !== undefined),
  }),
  rule('access', 'pod-security-level', ['Namespace'], ENFORCE, {
    beside,
    when: ({ old, new: next }, versions) =>
      at(versions.old, 'metadata') !== undefined && levelIndex(next as string) < levelIndex(old as string),
  }),
  rule('access', 'service-account-token', ['ServiceAccount'], ['automountServiceAccountToken'], {
    beside,
    when: ({ old, new: next }) => old === false && next !== false,
  }),
  rule('access', 'aggregated-role', CLUSTER_ROLE, AGGREGATION, {
    beside,
    when: ({ keys, new: next }) =>
      next !== undefined &&
      (keys[0] === 'aggregationRule' || /^rbac.authorization.k8s.io\/aggregate-to-/.test(keys.at(-1) ?? '')),
  }),
];
