import type { PacketPort } from '../../kubernetes/network-reachability';
import { type Check, fail, ok, unknown } from '../check';
import { unique } from '../desired';
import { clusterAddresses, endpointsOf } from '../services';
import { blockOf, connectsTo, policyCheck } from '../traffic';

const COMMAND = 'get service,endpointslices -n default -o wide';

/** The NetworkPolicies let the agent and the collector reach the API server: its Service and its endpoints. */
export const apiServer: Check = policyCheck({
  id: 'api-server',
  source: 'https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/',
  command: COMMAND,
  *assess(desired, cluster) {
    const service = cluster
      .some('Service')
      .find(({ metadata }) => metadata.namespace === 'default' && metadata.name === 'kubernetes');
    if (service === undefined)
      return unknown([], 'Service default/kubernetes was not found', `find out: ${cluster.kubectl(COMMAND)}`);
    const { slices, addresses, ports } = endpointsOf(service, cluster);
    // Network plugins match either the address of the Service or that of the endpoint.
    const targets = [
      ...clusterAddresses(service).map((address) => ({ address, port: 443 })),
      ...addresses.flatMap((address) => ports.map(({ port = 443 }) => ({ address, port }))),
    ];
    const reached = (address: string, port: number) =>
      connectsTo({ address }, `${port}/TCP` as PacketPort, desired);
    const words = (some: typeof targets) =>
      unique(some.map(({ address, port }) => `${address} on ${port}/TCP`)).join(', ');
    const blocked = targets.filter(({ address, port }) => !reached(address, port));
    const before = desired.settings.networkPolicies.apiServer;
    const elsewhere = blocked.filter(({ address }) => !before.ports.some((port) => reached(address, port)));
    if (blocked.length > 0)
      return fail(
        [service, ...slices],
        `the NetworkPolicies block the API server: ${words(blocked)}; the agent finds no pods, and no logs arrive`,
        'allow it; addresses of a managed API server may change: ask the provider for their block',
        {
          values: {
            networkPolicies: {
              apiServer: {
                cidrs: unique([...before.cidrs, ...elsewhere.map(({ address }) => blockOf(address))]),
                ports: unique([...before.ports, ...blocked.map(({ port }) => port)]),
              },
            },
          },
        },
      );
    if (addresses.length === 0)
      return unknown(
        [service],
        'the endpoints of Service default/kubernetes were not found',
        `compare networkPolicies.apiServer with them: ${cluster.kubectl(COMMAND)}`,
      );
    return ok([service, ...slices], `the NetworkPolicies allow the API server: ${words(targets)}`);
  },
});
