import type { Endpoint, PacketPort } from '../../kubernetes/network-reachability';
import { nameOf } from '../../kubernetes/object';
import { type Check, fail, ok, unknown, type Values } from '../check';
import type { Cluster } from '../cluster';
import { unique } from '../desired';
import type { ObjectOf, Workload } from '../kinds';
import { podSpec } from '../pods';
import { clusterAddresses, endpointsOf, targetPort, workloadsBehind } from '../services';
import { blockOf, connectsTo, endpointsOfPods, identifyingLabel, policyCheck } from '../traffic';

type Service = ObjectOf<'Service'>;

/** How to recognize the Service of the cluster DNS, most reliable first: names, labels of CoreDNS, namespace. */
const MARKS: readonly ((metadata: Service['metadata']) => boolean)[] = [
  ({ namespace, name }) => namespace === 'kube-system' && name === 'kube-dns',
  ({ namespace, name }) => namespace === 'openshift-dns' && name === 'dns-default',
  ({ labels }) => ['kube-dns', 'coredns'].includes(labels?.['k8s-app'] ?? ''),
  ({ labels }) => labels?.['app.kubernetes.io/name'] === 'coredns',
  ({ namespace }) => namespace === 'kube-system',
];

/** A peer that answers DNS queries. */
interface Server {
  readonly object: Service | Workload;
  readonly endpoint: Endpoint;
  readonly ports: readonly PacketPort[];
}

/** The NetworkPolicies let the stack resolve names, at the pods behind the Service of the cluster DNS. */
export const dns: Check = policyCheck({
  id: 'dns',
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/',
  command: 'get services,endpointslices --all-namespaces -o wide',
  *assess(desired, cluster) {
    const services = cluster
      .some('Service')
      .filter(({ spec }) => spec?.ports?.some(({ port, protocol }) => port === 53 && protocol === 'UDP'));
    const service = MARKS.map((mark) => services.find(({ metadata }) => mark(metadata))).find(Boolean);
    if (service === undefined)
      return unknown(
        services,
        'no Service of the cluster DNS was found',
        `compare networkPolicies.dns with the Service on port 53: ${cluster.kubectl('get services --all-namespaces')}`,
      );
    const servers = [...serversBehind(service, cluster), ...nodeLocal(cluster)];
    const objects = unique([
      service,
      ...endpointsOf(service, cluster).slices,
      ...servers.map(({ object }) => object),
    ]);
    const blocked = servers.flatMap(({ endpoint, ports, object }) => {
      const closed = ports.filter((port) => !connectsTo(endpoint, port, desired));
      return closed.length === 0 ? [] : [{ endpoint, object, ports: closed }];
    });
    const words = (some: readonly Server[]) =>
      unique(
        some.map(
          ({ object, endpoint, ports }) =>
            `${endpoint.address ?? `pods of ${nameOf(object)}`} on ${ports.join(' and ')}`,
        ),
      ).join(', ');
    if (blocked.length === 0) return ok(objects, `the NetworkPolicies allow DNS: ${words(servers)}`);
    return fail(objects, `the NetworkPolicies block DNS: ${words(blocked)}`, 'allow it', {
      values: { networkPolicies: { dns: dnsSettings(blocked, desired.settings.networkPolicies.dns) } },
    });
  },
});

/** The endpoints of a Service: its pods, or the node itself if its slices have no endpoints, as on EKS Auto Mode. */
function serversBehind(service: Service, cluster: Cluster): Server[] {
  const workloads = workloadsBehind(service, cluster);
  const endpoints = endpointsOf(service, cluster);
  const port53 = (service.spec?.ports ?? []).filter(({ port }) => port === 53);
  const portsOf = (number: (port: (typeof port53)[number]) => number) =>
    port53.map((port) => `${number(port)}/${port.protocol ?? 'TCP'}` as PacketPort);
  const ports = portsOf((port) => targetPort(port, endpoints, workloads));
  if (workloads.length > 0)
    return workloads.flatMap((object) =>
      endpointsOfPods(object, cluster).map((endpoint) => ({ object, endpoint, ports })),
    );
  const { namespace = '' } = service.metadata;
  const labels = service.spec?.selector;
  const noEndpoint = endpoints.slices.length > 0 && endpoints.addresses.length === 0;
  // A workload that was not observed has at least the labels in the selector of the Service.
  if (labels !== undefined && !noEndpoint) {
    const endpoint = { namespace, namespaceLabels: cluster.namespaceLabels(namespace), labels };
    return [{ object: service, endpoint, ports }];
  }
  return noEndpoint
    ? clusterAddresses(service).map((address) => ({
        object: service,
        endpoint: { address },
        ports: portsOf(() => 53),
      }))
    : endpoints.addresses.map((address) => ({ object: service, endpoint: { address }, ports }));
}

/** NodeLocal DNSCache listens on addresses of the node. Without IPVS, one of them is the address of the Service. */
function nodeLocal(cluster: Cluster): Server[] {
  return cluster.seen('DaemonSet').flatMap((object) => {
    const words = podSpec(object).containers.flatMap(({ command = [], args = [] }) => [...command, ...args]);
    const addresses = /-localip[= ]([^ ]+)/.exec(words.join(' '))?.[1]?.split(',') ?? [];
    return addresses.map((address) => ({
      object,
      endpoint: { address },
      ports: ['53/UDP', '53/TCP'] as const,
    }));
  });
}

function dnsSettings(
  blocked: readonly Server[],
  before: { readonly cidrs: readonly string[]; readonly ports: readonly number[] },
): NonNullable<Values['networkPolicies']>['dns'] {
  const addresses = blocked.flatMap(({ endpoint }) => endpoint.address ?? []);
  const ports = unique([
    ...before.ports,
    ...blocked.flatMap((server) => server.ports.map((port) => Number.parseInt(port, 10))),
  ]);
  const pods = blocked.find(({ endpoint }) => endpoint.namespace !== undefined);
  return {
    ...(pods && {
      namespace: pods.endpoint.namespace,
      podLabels:
        pods.object.kind === 'Service'
          ? { ...pods.endpoint.labels }
          : identifyingLabel(pods.object as Workload),
    }),
    ...(addresses.length > 0 && { cidrs: unique([...before.cidrs, ...addresses.map(blockOf)]) }),
    ...(ports.length > before.ports.length && { ports }),
  };
}
