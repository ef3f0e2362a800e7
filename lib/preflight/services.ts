import { selects } from '../kubernetes/selectors';
import type { Cluster } from './cluster';
import type { ObjectOf, Workload } from './kinds';
import { podLabels, podSpec } from './pods';

type Service = ObjectOf<'Service'>;

/** Addresses and ports that a Service forwards to. */
export interface Endpoints {
  readonly slices: readonly ObjectOf<'EndpointSlice'>[];
  readonly addresses: readonly string[];
  readonly ports: readonly { readonly name?: string; readonly port?: number }[];
}

/** The endpoints of a Service in its EndpointSlices. */
export function endpointsOf({ metadata }: Service, cluster: Cluster): Endpoints {
  const slices = cluster
    .seen('EndpointSlice')
    .filter(
      (slice) =>
        slice.metadata.namespace === metadata.namespace &&
        slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name,
    );
  return {
    slices,
    addresses: slices.flatMap(({ endpoints }) =>
      (endpoints ?? []).flatMap(({ addresses }) => addresses ?? []),
    ),
    ports: slices.flatMap(({ ports }) => ports ?? []),
  };
}

/** Workloads whose pods a Service selects. */
export function workloadsBehind({ metadata, spec }: Service, cluster: Cluster): Workload[] {
  const matchLabels = spec?.selector;
  if (matchLabels === undefined) return [];
  return cluster.workloads.filter(
    (one) => one.metadata.namespace === metadata.namespace && selects({ matchLabels }, podLabels(one)),
  );
}

/** Addresses of a Service itself. */
export function clusterAddresses({ spec }: Service): string[] {
  return (spec?.clusterIPs ?? [spec?.clusterIP ?? '']).filter((one) => one !== '' && one !== 'None');
}

/** Port number on the pods, for a port of a Service. */
export function targetPort(
  { name, port, targetPort }: NonNullable<NonNullable<Service['spec']>['ports']>[number],
  endpoints: Endpoints,
  workloads: readonly Workload[],
): number {
  const listed = endpoints.ports.find((one) => (one.name ?? '') === (name ?? ''))?.port;
  const declared = workloads
    .flatMap((workload) => podSpec(workload).containers.flatMap(({ ports = [] }) => ports))
    .find((one) => one.name === targetPort)?.containerPort;
  return listed ?? (typeof targetPort === 'number' ? targetPort : (declared ?? port));
}
