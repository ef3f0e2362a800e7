import { z } from 'zod';
import { cidr } from '../values/cidr';
import { count, flag, labelKey, labelValue, namespaceName, optional } from '../values/fields';
import { rule } from '../values/rule';

/** Address blocks for private use (RFC 1918), which those of a VPC and of its Services are taken from. */
export const PRIVATE_CIDRS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const cidrs = () => z.array(cidr(), { error: 'must be a list of CIDR blocks' });

const podLabels = () =>
  z.record(labelKey('app.kubernetes.io/name'), labelValue('grafana'), {
    error: 'must be a section of labels',
  });

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
          'Its namespace; null is that of Grafana, as kube-prometheus-stack installs both into one.',
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
          'Namespace of its pods; null is ingress-nginx or traefik.',
        ),
        podLabels: optional(podLabels()).describe(
          'Labels of its pods; null is app.kubernetes.io/name with the value ingress-nginx or traefik.',
        ),
        cidrs: optional(cidrs()).describe(
          'Addresses that its requests come from, where they are not those of pods: subnets of an ALB, or nodes of a ' +
            'controller in the network of its host. null is every private address for alb, and none for nginx and ' +
            'traefik. Pods on EKS have addresses of the VPC: name subnets that no pod is in.',
        ),
      })
      .prefault({})
      .describe('Where requests from outside come from, if ingress.enabled.'),
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
        ports: z
          .array(count({ atLeast: 1, atMost: 65_535 }), { error: 'must be a list of ports' })
          .default([443, 6443])
          .describe('Ports of the Service and of its endpoints.'),
      })
      .prefault({})
      .describe('The API server, which the agent and the collector ask for pods. It is no pod itself.'),
  })
  .check(
    rule(['apiServer.cidrs'], ({ apiServer }) =>
      apiServer.cidrs.length === 0
        ? 'must hold an address, or the agent and the collector learn of no pod'
        : undefined,
    ),
    rule(['apiServer.ports'], ({ apiServer }) =>
      apiServer.ports.length === 0
        ? 'must hold a port, or the agent and the collector learn of no pod'
        : undefined,
    ),
  )
  .prefault({})
  .describe('Who may talk to whom, held by the network.');

/** Where the Helm chart of a controller puts its pods. An ALB has none: it is outside of the cluster. */
const CHART_NAMES = { alb: undefined, nginx: 'ingress-nginx', traefik: 'traefik' } as const;

/** The settings, with whom they leave to be found by what exists already. */
export function completeNetworkPolicies(
  settings: z.output<typeof networkPoliciesSettings>,
  existing: {
    readonly grafana: { readonly namespace: string };
    readonly ingress: { readonly enabled: boolean; readonly controller: keyof typeof CHART_NAMES };
  },
) {
  const { prometheus, ingressController } = settings;
  const { grafana, ingress } = existing;
  const name = CHART_NAMES[ingress.controller];
  return {
    ...settings,
    prometheus: { ...prometheus, namespace: prometheus.namespace ?? grafana.namespace },
    ingressController: {
      pods:
        ingress.enabled && name
          ? [
              {
                namespace: ingressController.namespace ?? name,
                labels: ingressController.podLabels ?? { 'app.kubernetes.io/name': name },
              },
            ]
          : [],
      cidrs: ingress.enabled ? (ingressController.cidrs ?? (name ? [] : PRIVATE_CIDRS)) : [],
    },
  };
}
export type NetworkPoliciesSettings = ReturnType<typeof completeNetworkPolicies>;
