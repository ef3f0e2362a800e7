import { z } from 'zod';
import { cidr, isWide } from '../values/cidr';
import { count, flag, labelKey, labelValue, namespaceName, optional } from '../values/fields';
import { rule } from '../values/rule';

/** Address blocks for private use (RFC 1918), which those of a VPC and of its Services are taken from. */
export const PRIVATE_CIDRS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const cidrs = () => z.array(cidr(), { error: 'must be a list of CIDR blocks' });

const podLabels = () =>
  z.record(labelKey('app.kubernetes.io/name'), labelValue('grafana'), {
    error: 'must be a section of labels',
  });

const ports = () => z.array(count({ atLeast: 1, atMost: 65_535 }), { error: 'must be a list of ports' });

/** What an operator decides about who may talk to whom, and knows about those that exist already. */
export const networkPoliciesSettings = z
  .strictObject({
    enabled: flag()
      .default(true)
      .describe(
        'Whether the network lets through what the stack needs and nothing else, in and out. Needs a network plugin ' +
          'that enforces NetworkPolicies.',
      ),
    grafana: z
      .strictObject({
        podLabels: podLabels()
          .default({ 'app.kubernetes.io/name': 'grafana' })
          .describe('Labels of its pods; their namespace is grafana.namespace.'),
      })
      .prefault({})
      .describe('The existing Grafana, which queries.'),
    prometheus: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Its namespace; null is cluster.namespace, as it runs next to the stack, wherever Grafana runs.',
        ),
        podLabels: podLabels()
          .default({ 'app.kubernetes.io/name': 'prometheus' })
          .describe('Labels of its pods.'),
      })
      .prefault({})
      .describe('The existing Prometheus, which asks for metrics.'),
    ingressController: z
      .strictObject({
        namespace: optional(namespaceName()).describe(
          'Namespace of its pods; null is ingress-nginx or traefik, and none for a route of your own.',
        ),
        podLabels: optional(podLabels()).describe(
          'Labels of its pods; null is app.kubernetes.io/name with the value ingress-nginx or traefik, and every pod of ' +
            'the namespace for a route of your own.',
        ),
        cidrs: optional(cidrs()).describe(
          'Addresses that its requests come from, where they are not those of pods: subnets of an ALB, or nodes of a ' +
            'controller in the network of its host. null is every private address for alb, those of pods included, and ' +
            'none otherwise. Clients at these addresses may read, write and flush: name subnets without pods.',
        ),
      })
      .prefault({})
      .describe(
        'Where requests from outside come from: the controller of ingress.enabled, or that of a route of your own, such as ' +
          'an HTTPRoute of the Gateway API or a Route of OpenShift.',
      ),
    logAgent: z
      .strictObject({
        namespace: optional(namespaceName()).describe('Namespace of its pods; null is cluster.namespace.'),
        podLabels: optional(podLabels()).describe('Labels of its pods; null allows no pod.'),
        cidrs: cidrs()
          .prefault([])
          .describe(
            'Addresses that it connects from, such as those of nodes for pods in the network of their host.',
          ),
      })
      .prefault({})
      .describe('Your own log agent, which sends to Loki. Only with logs.agent none.'),
    applications: z
      .strictObject({
        namespaces: z
          .array(namespaceName(), { error: 'must be a list of namespaces' })
          .default([])
          .describe('Namespaces whose pods may send traces; an empty list lets those of every namespace.'),
        cidrs: cidrs()
          .prefault([])
          .describe('Further addresses that may, such as nodes of pods that use the network of their host.'),
      })
      .prefault({})
      .describe('Who sends traces.'),
    dns: z
      .strictObject({
        namespace: namespaceName().default('kube-system').describe('Namespace of its pods.'),
        podLabels: podLabels().default({ 'k8s-app': 'kube-dns' }).describe('Labels of its pods.'),
        cidrs: cidrs()
          .prefault(['169.254.20.10/32'])
          .describe('Addresses of DNS that no pod has: the default is that of NodeLocal DNSCache.'),
        ports: ports()
          .default([53])
          .describe('Ports that its pods listen on, by UDP and TCP. On OpenShift that is 5353.'),
      })
      .prefault({})
      .describe('DNS of the cluster.'),
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
      .describe('The API server, which the agent and the collector ask for pods. It is no pod itself.'),
  })
  .check(
    rule(['ingressController.cidrs'], ({ ingressController }) => {
      const wide = ingressController.cidrs?.find(isWide);
      return wide === undefined
        ? undefined
        : `must not contain ${wide}, which is a large part of the internet: clients at these addresses may read, write and flush; name those of the controller`;
    }),
    rule(['dns.ports'], ({ dns }) =>
      dns.ports.length === 0
        ? 'must contain a port, or the agent and the collector cannot resolve names'
        : undefined,
    ),
    rule(['apiServer.cidrs'], ({ apiServer }) =>
      apiServer.cidrs.length === 0
        ? 'must contain an address, or the agent and the collector cannot look up pods'
        : undefined,
    ),
    rule(['apiServer.ports'], ({ apiServer }) =>
      apiServer.ports.length === 0
        ? 'must contain a port, or the agent and the collector cannot look up pods'
        : undefined,
    ),
  )
  .prefault({})
  .describe('Who may talk to whom, held by the network.');

/** Where the Helm chart of a controller puts its pods. An ALB has none: it is outside of the cluster. */
const CHART_NAMES = { alb: undefined, nginx: 'ingress-nginx', traefik: 'traefik' } as const;

/** The settings, with what other sections say of those that exist already. */
export function completeNetworkPolicies(
  settings: z.output<typeof networkPoliciesSettings>,
  {
    cluster,
    ingress,
  }: {
    readonly cluster: { readonly namespace: string };
    readonly ingress: { readonly enabled: boolean; readonly controller: keyof typeof CHART_NAMES };
  },
) {
  const { prometheus, ingressController, logAgent } = settings;
  const name = ingress.enabled ? CHART_NAMES[ingress.controller] : undefined;
  const namespace = ingressController.namespace ?? name;
  const labels = ingressController.podLabels ?? (name ? { 'app.kubernetes.io/name': name } : {});
  const isLoadBalancer = ingress.enabled && ingress.controller === 'alb';
  return {
    ...settings,
    prometheus: { ...prometheus, namespace: prometheus.namespace ?? cluster.namespace },
    logAgent: {
      pods: logAgent.podLabels
        ? [{ namespace: logAgent.namespace ?? cluster.namespace, labels: logAgent.podLabels }]
        : [],
      cidrs: logAgent.cidrs,
    },
    ingressController: {
      pods: namespace === undefined ? [] : [{ namespace, labels }],
      cidrs: ingressController.cidrs ?? (isLoadBalancer ? PRIVATE_CIDRS : []),
    },
  };
}
export type NetworkPoliciesSettings = ReturnType<typeof completeNetworkPolicies>;
