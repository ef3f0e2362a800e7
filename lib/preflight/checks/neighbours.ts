import { nameOf } from '../../kubernetes/object';
import { selects } from '../../kubernetes/selectors';
import { type Check, type Finding, fail, notRequired, ok, unknown, type Values, warn } from '../check';
import type { Cluster } from '../cluster';
import { type Desired, unique } from '../desired';
import { CONTROLLERS, controllerWorkloads } from '../ingress-controllers';
import type { Workload } from '../kinds';
import { podLabels, podSpec, runs } from '../pods';
import { blockOf, endpointsOfPods, identifyingLabel, policyCheck, reachesHttp } from '../traffic';
import { grafanaWorkloads } from './grafana-sidecar';

const SOURCE = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';
const COMMAND = 'get deployments,statefulsets,daemonsets --all-namespaces --show-labels';
const SUBNETS =
  "aws ec2 describe-network-interfaces --filters 'Name=description,Values=ELB app/*' --query 'NetworkInterfaces[].[SubnetId,PrivateIpAddress]'";

/** Clients of the stack. */
interface Client {
  readonly who: string;
  readonly workloads: readonly Workload[];
  /** Names of the workloads that the client connects to. */
  readonly to: readonly string[];
  /** Settings that allow a workload, by its labels or source addresses. */
  readonly allow: (workload: Workload, cidrs: readonly string[]) => Values;
}

const STORES = ['loki', 'tempo'];

/** The NetworkPolicies let Grafana query and Prometheus scrape. */
export const networkPolicies: Check = policyCheck({
  id: 'network-policies',
  source: SOURCE,
  command: COMMAND,
  *assess(desired, cluster) {
    const grafana: Client = {
      who: 'Grafana',
      workloads: grafanaWorkloads(cluster),
      to: STORES,
      allow: (workload) => ({
        ...(workload.metadata.namespace !== desired.settings.grafana.namespace && {
          grafana: { namespace: workload.metadata.namespace },
        }),
        networkPolicies: { grafana: { podLabels: identifyingLabel(workload) } },
      }),
    };
    const prometheus: Client = {
      who: 'Prometheus',
      workloads: cluster.findWorkloads((one) => runs(one, ({ name }) => name === 'prometheus')),
      to: [...STORES, ...desired.kind('DaemonSet').map(({ metadata }) => metadata.name)],
      allow: (workload) => ({
        networkPolicies: {
          prometheus: { namespace: workload.metadata.namespace, podLabels: identifyingLabel(workload) },
        },
      }),
    };
    const clients = [...(desired.settings.grafana.enabled ? [grafana] : []), prometheus];
    for (const client of clients) yield* judgeClient(client, desired, cluster);
    return undefined;
  },
});

/** The NetworkPolicies allow the ingress controller, in any distribution. */
export const ingressController: Check = policyCheck({
  id: 'ingress-controller',
  source: SOURCE,
  command: COMMAND,
  *assess(desired, cluster) {
    const { controller } = desired.settings.ingress;
    if (desired.settings.gateway.enabled) yield dataPlane(desired, cluster);
    if (desired.kind('Ingress').length === 0) return ownRoute(desired, cluster);
    const workloads = controllerWorkloads(CONTROLLERS[controller], cluster);
    if (controller === 'alb')
      return unknown(
        workloads,
        'the load balancer is outside the cluster, and its addresses are not in the Kubernetes API',
        `compare networkPolicies.ingressController.cidrs with its subnets: ${SUBNETS}`,
      );
    yield* judgeClient(
      {
        who: CONTROLLERS[controller].app,
        workloads,
        to: STORES,
        allow: (workload, cidrs) => ({
          networkPolicies: {
            ingressController:
              cidrs.length > 0
                ? { cidrs: unique([...desired.settings.networkPolicies.ingressController.cidrs, ...cidrs]) }
                : { namespace: workload.metadata.namespace, podLabels: identifyingLabel(workload) },
          },
        }),
      },
      desired,
      cluster,
    );
    return undefined;
  },
});

/** The user's own route, which the values describe by the pods of its controller. */
function ownRoute({ settings }: Desired, cluster: Cluster): Finding | undefined {
  const source = settings.networkPolicies.ingressController;
  if (source.pods.length + source.cidrs.length > 0)
    return allowed(source, 'the controller of your own route', 'ingressController', cluster);
  // The data plane of a Gateway is the finding.
  return settings.gateway.enabled ? undefined : notRequired('neither an Ingress nor a route of your own');
}

/** The pods or the load balancer behind a Gateway. */
function dataPlane({ settings }: Desired, cluster: Cluster): Finding {
  if (settings.gateway.controller === 'aws')
    return unknown(
      [],
      'the load balancer of the Gateway is outside the cluster, and its addresses are not in the Kubernetes API',
      `compare networkPolicies.gateway.cidrs with its subnets: ${SUBNETS}`,
    );
  return allowed(settings.networkPolicies.gateway, 'the data plane of the Gateway', 'gateway', cluster);
}

/** Whether the pods exist that the NetworkPolicies allow. */
function allowed(
  { pods }: Desired['settings']['networkPolicies']['gateway'],
  who: string,
  key: string,
  cluster: Cluster,
): Finding {
  const found = cluster.findWorkloads((workload) =>
    pods.some(
      ({ namespace, labels }) =>
        workload.metadata.namespace === namespace && selects({ matchLabels: labels }, podLabels(workload)),
    ),
  );
  return found.length > 0
    ? ok(found, `the NetworkPolicies allow ${who}: ${found.map(nameOf).join(', ')}`)
    : unknown(
        [],
        `no workload of ${who} was found`,
        `compare networkPolicies.${key} with its pods: ${cluster.kubectl(COMMAND)}`,
      );
}

function* judgeClient(
  { who, workloads, to, allow }: Client,
  desired: Desired,
  cluster: Cluster,
): Generator<Finding> {
  if (workloads.length === 0)
    yield unknown([], `no workload of ${who} was found`, `find out: ${cluster.kubectl(COMMAND)}`);
  const blocked = (workload: Workload) =>
    endpointsOfPods(workload, cluster).filter((endpoint) => !reachesHttp(endpoint, to, desired));
  const allowed = workloads.filter((workload) => blocked(workload).length === 0);
  const names = allowed.map(nameOf).join(', ');
  for (const workload of workloads.filter((one) => !allowed.includes(one))) {
    const cidrs = blocked(workload).flatMap(({ address }) => (address === undefined ? [] : blockOf(address)));
    const from = podSpec(workload).hostNetwork ? ', which connects from the addresses of nodes' : '';
    const observed = `the NetworkPolicies block ${who}: ${nameOf(workload)}${from}`;
    // One allowed workload is enough for the stack. Another one may belong to someone else.
    yield allowed.length > 0
      ? warn([workload], observed, `nothing to do if only ${names} uses this stack`)
      : fail([workload], observed, 'allow it', { values: allow(workload, cidrs) });
  }
  if (allowed.length > 0) yield ok(allowed, `the NetworkPolicies allow ${who}: ${names}`);
}
