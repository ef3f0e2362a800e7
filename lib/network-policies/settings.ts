import * as z from 'zod';
import { cidr, isWide } from '../values/cidr';
import { count, flag, labelKey, labelValue, namespaceName, optional } from '../values/fields';
import { rule } from '../values/rule';

/** Private address blocks (RFC 1918), from which a VPC and its Services take their addresses. */
export const PRIVATE_CIDRS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const cidrs = () => z.array(cidr(), { error: 'must be a list of CIDR blocks' });

const podLabels = () =>
  z.record(labelKey('app.kubernetes.io/name'), labelValue('grafana'), {
    error: 'must be a map of labels',
  });

const ports = () => z.array(count({ atLeast: 1, atMost: 65_535 }), { error: 'must be a list of ports' });

/** Settings of what requests from outside come from. */
type Sources = Readonly<Record<'ingressController' | 'gateway', { readonly cidrs: string[] | undefined }>>;

/** Which connections are allowed, and facts about the existing workloads. */
export const networkPoliciesSettings = z
  .strictObject({
    enabled: flag()
      .default(true)
      .describe(
        'Create NetworkPolicies that allow only required ingress and egress. Requires a network ' +
          'plugin that enforces NetworkPolicies.',
      ),
    grafana: z
      .strictObject({
        podLabels: podLabels()
          .default({ 'app.kubernetes.io/name': 'grafana' })
          .describe('Labels of its pods. Their namespace is grafana.namespace.'),
      })
      .prefault({})
      .describe('The existing Grafana, which queries Loki and Tempo.'),
    prometheus: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Namespace of its pods. null uses cluster.namespace, because Prometheus runs next to the stack even if Grafana does not.',
        ),
        podLabels: podLabels()
          .default({ 'app.kubernetes.io/name': 'prometheus' })
          .describe('Labels of its pods.'),
      })
      .prefault({})
      .describe('The existing Prometheus, which scrapes metrics.'),
    alertmanager: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Namespace of its pods. null uses the namespace of Prometheus.',
        ),
        podLabels: podLabels()
          .default({ 'app.kubernetes.io/name': 'alertmanager' })
          .describe('Labels of its pods.'),
        ports: ports().default([9093]).describe('Ports that its pods listen on.'),
      })
      .prefault({})
      .describe('The existing Alertmanager, to which Loki sends log alerts (docs/alerts.md).'),
    ingressController: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Namespace of its pods. null uses ingress-nginx or traefik, and no namespace for your own route.',
        ),
        podLabels: optional(podLabels()).describe(
          'Labels of its pods. null uses app.kubernetes.io/name with the value ingress-nginx or ' +
            'traefik, and every pod of the namespace for your own route.',
        ),
        cidrs: optional(cidrs()).describe(
          'Source addresses of its requests, if they are not pod addresses: subnets of an ALB, or ' +
            'nodes of a controller in the host network. null uses every private address for alb, ' +
            'including those of pods, and none otherwise. Clients at these addresses can read, write ' +
            'and flush, so list subnets without pods.',
        ),
      })
      .prefault({})
      .describe(
        'The source of requests from outside: the controller of ingress.enabled, or the controller of ' +
          'your own route, such as an HTTPRoute of the Gateway API or a Route of OpenShift.',
      ),
    gateway: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Namespace of its pods. null uses envoy-gateway-system or traefik, and that of the Gateway for other controllers.',
        ),
        podLabels: optional(podLabels()).describe(
          'Labels of its pods. null uses the labels that Envoy Gateway, the Helm chart of Traefik, or (for other ' +
            'controllers) the standard gives them; the last two name the Gateway.',
        ),
        cidrs: optional(cidrs()).describe(
          'Source addresses of its requests, if they are not pod addresses: subnets of an ALB, or nodes of pods in ' +
            'the host network. null uses every private address for aws, including those of pods, and none ' +
            'otherwise. Clients at these addresses can read, write and flush, so list subnets without pods.',
        ),
      })
      .prefault({})
      .describe('The data plane of the Gateway: the pods or the load balancer that requests come from.'),
    logAgent: z
      .strictObject({
        namespace: optional(namespaceName()).describe('Namespace of its pods. null uses cluster.namespace.'),
        podLabels: optional(podLabels()).describe('Labels of its pods. null allows no pod.'),
        cidrs: cidrs()
          .prefault([])
          .describe('Source addresses of its requests, such as those of nodes for pods in the host network.'),
      })
      .prefault({})
      .describe('Your own log agent, which sends to Loki. Only with logs.agent none.'),
    applications: z
      .strictObject({
        namespaces: z
          .array(namespaceName(), { error: 'must be a list of namespaces' })
          .default([])
          .describe('Namespaces whose pods may send traces. An empty list allows all namespaces.'),
        cidrs: cidrs()
          .prefault([])
          .describe(
            'Additional addresses that may send traces, such as nodes whose pods use the host network.',
          ),
      })
      .prefault({})
      .describe('Senders of traces.'),
    dns: z
      .strictObject({
        namespace: namespaceName().default('kube-system').describe('Namespace of its pods.'),
        podLabels: podLabels().default({ 'k8s-app': 'kube-dns' }).describe('Labels of its pods.'),
        cidrs: cidrs()
          .prefault(['169.254.20.10/32'])
          .describe('Addresses of DNS servers that are not pods. The default is NodeLocal DNSCache.'),
        ports: ports()
          .default([53])
          .describe('UDP and TCP ports that its pods listen on. OpenShift uses 5353.'),
      })
      .prefault({})
      .describe('The DNS of the cluster.'),
    apiServer: z
      .strictObject({
        cidrs: cidrs()
          .prefault(PRIVATE_CIDRS)
          .describe(
            'Addresses of the API server: of the Service kubernetes and of its endpoints (kubectl get ' +
              'service,endpointslices -n default kubernetes). The default is every private address.',
          ),
        ports: ports().default([443, 6443]).describe('Ports of the Service and of its endpoints.'),
      })
      .prefault({})
      .describe('The API server, which the agent and the collector query for pods. It is not a pod.'),
    objectStorage: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Namespace of the pods of a server inside the cluster. null if there is none.',
        ),
        podLabels: optional(podLabels()).describe(
          'Labels of these pods. null selects every pod of the namespace.',
        ),
        cidrs: cidrs()
          .prefault(['0.0.0.0/0', '::/0'])
          .describe(
            'Addresses of the bucket and of the service that exchanges tokens for credentials: AWS ' +
              'STS, login.microsoftonline.com. The default is every address, because those of cloud ' +
              'providers change.',
          ),
        ports: optional(ports()).describe(
          'Ports that the pods of the server listen on. null uses the port of the endpoint.',
        ),
      })
      .prefault({})
      .describe('The server of the buckets in loki.storage and tempo.storage.'),
    destinations: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Namespace of the pods of destinations inside the cluster. null if there are none.',
        ),
        podLabels: optional(podLabels()).describe(
          'Labels of these pods. null selects every pod of the namespace.',
        ),
        cidrs: cidrs()
          .prefault(['0.0.0.0/0', '::/0'])
          .describe(
            'Addresses of the destinations. The default is every address, because those of services change.',
          ),
        ports: optional(ports()).describe(
          'Ports that the pods of the destinations listen on. null uses the ports of the URLs.',
        ),
      })
      .prefault({})
      .describe('The destinations in logs.destinations and tracing.destinations.'),
  })
  .check(
    ...(['ingressController', 'gateway'] as const).map((source) =>
      rule<Sources>([`${source}.cidrs`], (settings) => {
        const wide = settings[source].cidrs?.find(isWide);
        return wide === undefined
          ? undefined
          : `must not contain ${wide}, which covers a large part of the internet: clients at these addresses can read, write and flush; list only the addresses of the controller`;
      }),
    ),
    rule(['dns.ports'], ({ dns }) =>
      dns.ports.length === 0
        ? 'must contain a port; without one, the agent and the collector cannot resolve names'
        : undefined,
    ),
    rule(['objectStorage.podLabels', 'objectStorage.namespace'], ({ objectStorage }) =>
      objectStorage.podLabels !== undefined && objectStorage.namespace === undefined
        ? 'must be null without networkPolicies.objectStorage.namespace'
        : undefined,
    ),
    rule(['objectStorage.cidrs', 'objectStorage.namespace'], ({ objectStorage }) =>
      objectStorage.cidrs.length === 0 && objectStorage.namespace === undefined
        ? 'must contain an address without networkPolicies.objectStorage.namespace, because the stores could not reach their buckets'
        : undefined,
    ),
    rule(['objectStorage.ports'], ({ objectStorage }) =>
      objectStorage.ports?.length === 0
        ? 'must contain a port; null uses the port of the endpoint'
        : undefined,
    ),
    rule(['destinations.podLabels', 'destinations.namespace'], ({ destinations }) =>
      destinations.podLabels !== undefined && destinations.namespace === undefined
        ? 'must be null without networkPolicies.destinations.namespace'
        : undefined,
    ),
    rule(['destinations.cidrs', 'destinations.namespace'], ({ destinations }) =>
      destinations.cidrs.length === 0 && destinations.namespace === undefined
        ? 'must contain an address without networkPolicies.destinations.namespace, because the agents could not reach their destinations'
        : undefined,
    ),
    rule(['destinations.ports'], ({ destinations }) =>
      destinations.ports?.length === 0 ? 'must contain a port; null uses the ports of the URLs' : undefined,
    ),
    rule(['apiServer.cidrs'], ({ apiServer }) =>
      apiServer.cidrs.length === 0
        ? 'must contain an address; without one, the agent and the collector cannot look up pods'
        : undefined,
    ),
    rule(['apiServer.ports'], ({ apiServer }) =>
      apiServer.ports.length === 0
        ? 'must contain a port; without one, the agent and the collector cannot look up pods'
        : undefined,
    ),
  )
  .prefault({})
  .describe('NetworkPolicies of the stack.');

/** Where the Helm chart of a controller runs its pods. An ALB has none: it runs outside the cluster. */
const CHART_NAMES = { alb: undefined, nginx: 'ingress-nginx', traefik: 'traefik' } as const;

/**
 * Where the data plane of a Gateway runs by default. Envoy Gateway has the pods of all Gateways in one namespace; the
 * standard label names the Gateway of a pod.
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-1762/
 */
const DATA_PLANES = {
  'envoy-gateway': ({ name, namespace }: GatewayName) => ({
    namespace: 'envoy-gateway-system',
    labels: {
      'gateway.envoyproxy.io/owning-gateway-name': name,
      'gateway.envoyproxy.io/owning-gateway-namespace': namespace,
    },
  }),
  aws: () => undefined,
  traefik: () => ({ namespace: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' } }),
  other: ({ name, namespace }: GatewayName) => ({
    namespace,
    labels: { 'gateway.networking.k8s.io/gateway-name': name },
  }),
};

interface GatewayName {
  readonly name: string;
  readonly namespace: string;
}

/** Settings of the entrances that the connections depend on. */
interface Entrances {
  readonly cluster: { readonly namespace: string };
  readonly ingress: { readonly enabled: boolean; readonly controller: keyof typeof CHART_NAMES };
  readonly gateway: {
    readonly enabled: boolean;
    readonly controller: keyof typeof DATA_PLANES;
    readonly parent: GatewayName;
  };
}

/** The settings, with values derived from other settings. */
export function completeNetworkPolicies(
  settings: z.output<typeof networkPoliciesSettings>,
  { cluster, ingress, gateway }: Entrances,
) {
  const { alertmanager, ingressController, logAgent } = settings;
  const prometheus = {
    ...settings.prometheus,
    namespace: settings.prometheus.namespace ?? cluster.namespace,
  };
  const name = ingress.enabled ? CHART_NAMES[ingress.controller] : undefined;
  const dataPlane = gateway.enabled ? DATA_PLANES[gateway.controller](gateway.parent) : undefined;
  return {
    ...settings,
    prometheus,
    alertmanager: { ...alertmanager, namespace: alertmanager.namespace ?? prometheus.namespace },
    logAgent: {
      pods: logAgent.podLabels
        ? [{ namespace: logAgent.namespace ?? cluster.namespace, labels: logAgent.podLabels }]
        : [],
      cidrs: logAgent.cidrs,
    },
    ingressController: sourceOf(
      ingressController,
      name ? { namespace: name, labels: { 'app.kubernetes.io/name': name } } : undefined,
      ingress.enabled && ingress.controller === 'alb',
    ),
    gateway: sourceOf(settings.gateway, dataPlane, gateway.enabled && gateway.controller === 'aws'),
  };
}
export type NetworkPoliciesSettings = ReturnType<typeof completeNetworkPolicies>;

/** What requests come from: as written, else as the controller is usually installed. */
function sourceOf(
  written: z.output<typeof networkPoliciesSettings>['gateway'],
  usual: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> } | undefined,
  isLoadBalancer: boolean,
) {
  const namespace = written.namespace ?? usual?.namespace;
  const labels = written.podLabels ?? usual?.labels ?? {};
  return {
    pods: namespace === undefined ? [] : [{ namespace, labels }],
    cidrs: written.cidrs ?? (isLoadBalancer ? PRIVATE_CIDRS : []),
  };
}
