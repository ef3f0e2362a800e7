import { allows, type Endpoint, type PacketPort } from '../kubernetes/network-reachability';
import { type Check, notRequired } from './check';
import type { Cluster } from './cluster';
import type { Desired } from './desired';
import type { Workload } from './kinds';
import { internalAddresses } from './nodes';
import { podLabels, podSpec } from './pods';

/** A check of the NetworkPolicies, which is not required without them. */
export function policyCheck({ assess, ...check }: Check): Check {
  return {
    ...check,
    *assess(desired, cluster) {
      if (desired.kind('NetworkPolicy').length === 0) return notRequired('no NetworkPolicies are rendered');
      return yield* assess(desired, cluster);
    },
  };
}

const own = (workload: Workload): Endpoint => ({
  namespace: workload.metadata.namespace ?? '',
  labels: podLabels(workload),
});

/** Whether the NetworkPolicies let a peer reach the HTTP port of every workload with these names. */
export function reachesHttp(peer: Endpoint, names: readonly string[], desired: Desired): boolean {
  const policies = desired.kind('NetworkPolicy');
  return desired.workloads
    .filter(({ metadata }) => names.includes(metadata.name))
    .every((workload) =>
      podSpec(workload)
        .containers.flatMap(({ ports = [] }) =>
          ports.filter(({ name }) => name === 'http' || name === 'metrics'),
        )
        .every(({ containerPort }) =>
          allows(policies, 'Ingress', own(workload), peer, `${containerPort}/TCP`),
        ),
    );
}

/** Whether the NetworkPolicies let any pod of the stack connect to a peer. */
export function connectsTo(peer: Endpoint, port: PacketPort, desired: Desired): boolean {
  return desired.workloads.some((workload) =>
    allows(desired.kind('NetworkPolicy'), 'Egress', own(workload), peer, port),
  );
}

/** How NetworkPolicies match the pods of an existing workload: by labels, or by node addresses with `hostNetwork`. */
export function endpointsOfPods(workload: Workload, cluster: Cluster): Endpoint[] {
  if (podSpec(workload).hostNetwork)
    return cluster
      .some('Node')
      .flatMap(internalAddresses)
      .map((address) => ({ address }));
  const { namespace = '' } = workload.metadata;
  return [{ namespace, namespaceLabels: cluster.namespaceLabels(namespace), labels: podLabels(workload) }];
}

/** The smallest block that contains an address. */
export function blockOf(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

/** The label that identifies the pods of a workload across releases and versions. */
export function identifyingLabel(workload: Workload): Record<string, string> {
  const labels = podLabels(workload);
  const keys = ['app.kubernetes.io/name', 'k8s-app', 'app', 'name', ...Object.keys(labels)];
  const key = keys.find((one) => labels[one] !== undefined);
  return key === undefined ? {} : { [key]: labels[key] ?? '' };
}
