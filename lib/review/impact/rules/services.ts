import { isList, listAt, textAt } from '../../manifests/json';
import { inNamespace, kubectlName, kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

const type = ({ content }: Versions['old']) => textAt(content, 'spec', 'type') ?? 'ClusterIP';

/** A Service with a cluster IP on both sides; to and from ExternalName everything may change. */
const hasAddress = ({ old, new: next }: Versions) =>
  type(old) !== 'ExternalName' && type(next) !== 'ExternalName';

const replaceService = ({ new: object }: Versions) => [
  `kubectl delete ${kubectlName(object)} && apply the new manifests: clients are refused in between, and the address is another one`,
  `without a gap: add a Service with another name${inNamespace(object)}, move the clients to it, then remove the old one`,
];

/** Rules about Services. */
export const SERVICE_RULES: readonly Rule[] = [
  {
    id: 'service-keeps-cluster-ip',
    types: ['Service'],
    paths: ['spec.clusterIP', 'spec.clusterIPs.**'],
    when: ({ new: next }, versions) =>
      hasAddress(versions) && (next === undefined || next === '' || next === null),
    effect: 'none',
    says: 'it keeps the cluster IP that it has; a headless Service stays headless',
    reason: 'A Service that names no cluster IP keeps the one it was given, None included.',
    source: kubernetesSource('registry/core/service/storage/storage.go#L594'),
  },
  {
    id: 'service-cluster-ip',
    types: ['Service'],
    paths: ['spec.clusterIP', 'spec.clusterIPs.**'],
    when: (_, versions) => hasAddress(versions),
    effect: 'refused',
    says: 'its cluster IP cannot be changed',
    reason:
      'The cluster IP may not change once it is set, and every Service is given one: None cannot be set later.',
    source: kubernetesDocs('concepts/services-networking/service/#choosing-your-own-ip-address'),
    steps: replaceService,
  },
  {
    id: 'service-ip-family',
    types: ['Service'],
    paths: ['spec.ipFamilies.**'],
    when: (_, versions) => hasAddress(versions) && firstFamily(versions.old) !== firstFamily(versions.new),
    effect: 'refused',
    says: 'its first IP family cannot be changed',
    reason: 'The first of spec.ipFamilies may not change once it is set; a second one can come and go.',
    source: kubernetesDocs('concepts/services-networking/dual-stack/'),
    steps: replaceService,
  },
  {
    id: 'service-load-balancer-class',
    types: ['Service'],
    paths: ['spec.loadBalancerClass'],
    when: (_, { old, new: next }) => type(old) === 'LoadBalancer' && type(next) === 'LoadBalancer',
    effect: 'refused',
    says: 'its load balancer class cannot be changed',
    reason:
      'spec.loadBalancerClass may not change once it is set, as long as the Service is of type LoadBalancer.',
    source: kubernetesDocs('concepts/services-networking/service/#load-balancer-class'),
    steps: replaceService,
  },
  {
    id: 'service-becomes-name',
    types: ['Service'],
    paths: ['spec.type'],
    when: ({ new: next }) => next === 'ExternalName',
    effect: 'restarts',
    says: 'it gives up its cluster IP and its pods, and becomes a name in DNS',
    reason:
      'A Service of type ExternalName has no address of its own; connections that exist break, clients have to look the name up again.',
    source: kubernetesDocs('concepts/services-networking/service/#externalname'),
  },
  {
    id: 'service-type',
    types: ['Service'],
    paths: ['spec.type'],
    effect: 'live',
    says: 'it is reached in another way from now on',
    reason:
      'The type can be changed; a load balancer or node port of the old type goes away, and with it the address that clients outside use.',
    source: kubernetesDocs('concepts/services-networking/service/#publishing-services-service-types'),
  },
  {
    id: 'service-selector',
    types: ['Service'],
    paths: ['spec.selector.**'],
    effect: 'live',
    says: 'it sends to other pods at once',
    reason: 'Endpoints follow the selector within seconds; when it matches no pod, connections are refused.',
    source: kubernetesDocs('concepts/services-networking/service/#defining-a-service'),
  },
  {
    id: 'service-port-number-twice',
    types: ['Service'],
    paths: ['spec.ports.**'],
    when: (_, { old, new: next }) => [old, next].some(hasNumberTwice),
    effect: 'unknown',
    says: 'two ports have one number: plain kubectl apply mixes them up, or is refused; server-side apply is not',
    reason:
      'Client-side apply tells ports of a Service apart by their number alone, not by number and protocol.',
    source: 'https://github.com/kubernetes/kubernetes/issues/39188',
  },
  {
    id: 'service-port',
    types: ['Service'],
    paths: ['spec.ports.**'],
    effect: 'live',
    says: 'its ports change at once',
    reason:
      'Clients that use a port that is gone are refused; what names the port (Ingress, ServiceMonitor) has to follow.',
    source: kubernetesDocs('concepts/services-networking/service/#multi-port-services'),
  },
];

function firstFamily({ content }: Versions['old']): unknown {
  const families = content['spec'] === undefined ? [] : listAt(content, 'spec', 'ipFamilies');
  return isList(families) ? families[0] : undefined;
}

function hasNumberTwice({ content }: Versions['old']): boolean {
  const numbers = listAt(content, 'spec', 'ports').map((port) => textAt(port, 'port'));
  return new Set(numbers).size < numbers.length;
}
