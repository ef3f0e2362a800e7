import type { PacketPort } from '../../kubernetes/network-reachability';
import { nameOf } from '../../kubernetes/object';
import { type Check, type Finding, fail, notRequired, ok, unknown } from '../check';
import type { Cluster } from '../cluster';
import type { Desired } from '../desired';
import type { ObjectOf } from '../kinds';
import { urlOf, urlTarget } from '../service-url';
import { endpointsOf, targetPort, workloadsBehind } from '../services';
import { connectsTo, endpointsOfPods, identifyingLabel } from '../traffic';

/** Loki reaches the existing Alertmanager, if there are log alerts. */
export const alertmanager: Check = {
  id: 'alertmanager',
  source: 'https://grafana.com/docs/loki/latest/alert/',
  command: 'get services --all-namespaces -l operated-alertmanager=true',
  *assess(desired, cluster) {
    if (!desired.kind('ConfigMap').some(({ metadata }) => metadata.name === 'loki-log-alerts'))
      return notRequired('there are no log alerts');
    const { alertmanagerUrl: url } = desired.settings.monitoring;
    const { namespace } = desired.settings.cluster;
    const { inside, port, service, candidates } = urlTarget(url, namespace, 'alertmanager', cluster);
    if (!inside)
      return unknown(
        [],
        `${url} is outside the cluster`,
        'check that Loki reaches it and NetworkPolicies allow it',
      );
    if (service !== undefined) return policies(service, port, desired, cluster);
    const observed = `${url} does not resolve to a Service: log alerts do not reach anyone`;
    const [instead] = candidates;
    return instead === undefined
      ? fail(candidates, observed, 'set monitoring.alertmanagerUrl to the URL of Alertmanager')
      : fail(candidates, observed, `use ${nameOf(instead)}`, {
          values: { monitoring: { alertmanagerUrl: urlOf(instead) } },
        });
  },
};

/** Whether the NetworkPolicies let Loki connect to the pods behind a Service. */
function policies(
  service: ObjectOf<'Service'>,
  servicePort: number,
  desired: Desired,
  cluster: Cluster,
): Finding {
  const workloads = workloadsBehind(service, cluster);
  const objects = [service, ...workloads];
  if (desired.kind('NetworkPolicy').length === 0) return ok(objects, `Loki finds ${nameOf(service)}`);
  const [first] = workloads;
  if (first === undefined)
    return unknown(
      objects,
      `no workload behind ${nameOf(service)} was found`,
      `compare networkPolicies.alertmanager with its pods: ${cluster.kubectl('get pods --all-namespaces --show-labels')}`,
    );
  const number = targetPort(
    service.spec?.ports?.find((one) => one.port === servicePort) ?? { port: servicePort },
    endpointsOf(service, cluster),
    workloads,
  );
  const port: PacketPort = `${number}/TCP`;
  const blocked = endpointsOfPods(first, cluster).some((endpoint) => !connectsTo(endpoint, port, desired));
  return blocked
    ? fail(objects, `the NetworkPolicies block Alertmanager: ${nameOf(first)} on ${port}`, 'allow it', {
        values: {
          networkPolicies: {
            alertmanager: {
              namespace: first.metadata.namespace,
              podLabels: identifyingLabel(first),
              ports: [number],
            },
          },
        },
      })
    : ok(objects, `the NetworkPolicies allow Alertmanager: ${nameOf(first)} on ${port}`);
}
