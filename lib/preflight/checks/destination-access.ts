import { nameOf } from '../../kubernetes/object';
import { type Check, type Finding, fail, notRequired, ok, unknown } from '../check';
import type { Cluster } from '../cluster';
import type { Desired } from '../desired';
import { fromCluster, ofAnswer, PAGE } from '../destination-findings';
import { type DestinationRequest, destinationRequests } from '../destination-requests';

/**
 * Each destination answers a push without data and without credentials, and its certificate is trusted. The machine that
 * runs preflight sends it, so an address that only the cluster reaches is `unknown`. Credentials stay untested, because
 * preflight reads no Secret.
 */
export const destinationAccess: Check = {
  id: 'destination-access',
  source: 'https://opentelemetry.io/docs/specs/otlp/#otlphttp-response',
  command: 'get services,configmaps --all-namespaces',
  *assess(desired, cluster) {
    // Without any object, nothing was observed.
    cluster.some('Namespace');
    const requests = destinationRequests(desired, cluster);
    if (requests.length === 0) return notRequired('no destination is outside the cluster');
    for (const request of requests) yield findingOf(request, desired, cluster);
    return undefined;
  },
};

function findingOf(request: DestinationRequest, desired: Desired, cluster: Cluster): Finding {
  const { id, setting, url, authority, service } = request;
  if (authority.type === 'own' && !authority.certificates.includes('-----BEGIN CERTIFICATE-----'))
    return fail(
      [authority.from],
      `${setting}: ca.crt of ${nameOf(authority.from)} contains no certificate`,
      `store it in PEM format: ${PAGE}`,
    );
  if (service !== undefined) return ofService(request, service, cluster);
  const answer = cluster.destinations?.get(id);
  return answer === undefined
    ? unknown(
        [],
        `${setting}: preflight did not contact ${url}, because it read an export`,
        fromCluster(request, desired, cluster),
      )
    : ofAnswer(answer, request, desired, cluster);
}

/** A destination in the same cluster, whose name resolves only there. */
function ofService(
  { setting, url }: DestinationRequest,
  { name, namespace }: NonNullable<DestinationRequest['service']>,
  cluster: Cluster,
): Finding {
  const service = cluster
    .some('Service')
    .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  const fix = `set ${setting}.url to a Service: ${cluster.kubectl('get services --all-namespaces')}`;
  if (service === undefined)
    return fail([], `${setting}: ${url} names Service ${namespace}/${name}, which does not exist`, fix);
  const { port: written, protocol } = new URL(url);
  const port = Number(written || (protocol === 'https:' ? 443 : 80));
  const { type, clusterIP, ports = [] } = service.spec ?? {};
  // The DNS name of such a Service resolves to pods or another host, on any port.
  const hasAnyPort = type === 'ExternalName' || clusterIP === 'None';
  return hasAnyPort || ports.some((one) => one.port === port)
    ? ok([service], `${setting}: ${nameOf(service)} exists and has port ${port}`)
    : fail([service], `${setting}: ${nameOf(service)} has no port ${port}`, fix);
}
