import type { z } from 'zod';
import { rule } from '../values/rule';
import { type queryHostFields, queryHosts } from './exposure';

interface Entrance {
  readonly enabled: boolean;
  readonly controller: string;
  readonly hosts: z.output<typeof queryHostFields>;
}

interface Source {
  readonly namespace: string | undefined;
  readonly podLabels: Readonly<Record<string, string>> | undefined;
  readonly cidrs: readonly string[] | undefined;
}

/** Settings of the two entrances: Ingress and Gateway. */
interface Entrances {
  readonly cluster: { readonly domain: string };
  readonly ingress: Entrance;
  readonly gateway: Entrance & {
    readonly otlp: { readonly enabled: boolean; readonly host: string | undefined };
  };
  readonly networkPolicies: {
    readonly enabled: boolean;
    readonly ingressController: Source;
    readonly gateway: Source;
  };
}

const SOURCES = { ingress: 'ingressController', gateway: 'gateway' } as const;

/** Rules for one entrance. An AWS load balancer is not a pod. */
function entranceRules(section: 'ingress' | 'gateway', loadBalancer: string) {
  const source = SOURCES[section];
  const isLoadBalancer = (settings: Entrances) =>
    settings[section].enabled && settings[section].controller === loadBalancer;
  return [
    ...(['namespace', 'podLabels'] as const).map((key) =>
      rule<Entrances>(
        [`networkPolicies.${source}.${key}`, `${section}.controller`, `${section}.enabled`],
        (settings) =>
          isLoadBalancer(settings) && settings.networkPolicies[source][key] !== undefined
            ? `must be null with ${section}.controller ${loadBalancer}, whose load balancer is not a pod; use networkPolicies.${source}.cidrs`
            : undefined,
      ),
    ),
    rule<Entrances>(
      [
        `networkPolicies.${source}.cidrs`,
        'networkPolicies.enabled',
        `${section}.enabled`,
        `${section}.controller`,
      ],
      (settings) =>
        isLoadBalancer(settings) &&
        settings.networkPolicies.enabled &&
        settings.networkPolicies[source].cidrs?.length === 0
          ? 'must contain the subnets of the load balancer, which is not a pod; without them it cannot reach Loki and Tempo'
          : undefined,
    ),
    ...(['loki', 'tempo'] as const).map((store) =>
      rule<Entrances>([`${section}.hosts.${store}`, 'cluster.domain'], (settings) =>
        existingHost(queryHosts(settings[section], settings.cluster)[store], settings.cluster),
      ),
    ),
    rule<Entrances>([`${section}.hosts.tempo`, `${section}.hosts.loki`, 'cluster.domain'], (settings) => {
      const { loki, tempo } = queryHosts(settings[section], settings.cluster);
      return loki === tempo ? `must not be the host name of Loki (${loki}); choose another` : undefined;
    }),
  ];
}

/** Rules for the entrances from outside the cluster. */
export const ENTRANCE_RULES = [
  ...entranceRules('ingress', 'alb'),
  ...entranceRules('gateway', 'aws'),
  rule<Entrances>(
    ['gateway.otlp.host', 'gateway.hosts.loki', 'gateway.hosts.tempo', 'cluster.domain'],
    ({ gateway, cluster }) => {
      const host = gateway.otlp.host ?? `otlp.${cluster.domain}`;
      if (!gateway.otlp.enabled) return undefined;
      return Object.values(queryHosts(gateway, cluster)).includes(host)
        ? `must not be a host name of the query APIs (${host}), which has another login; choose another host name`
        : existingHost(host, cluster);
    },
  ),
  ...(['namespace', 'podLabels', 'cidrs'] as const).map((key) =>
    rule<Entrances>([`networkPolicies.gateway.${key}`, 'gateway.enabled'], ({ gateway, networkPolicies }) =>
      !gateway.enabled && Object.keys(networkPolicies.gateway[key] ?? {}).length > 0
        ? 'must be null unless gateway.enabled; networkPolicies.ingressController describes the controller of your own route'
        : undefined,
    ),
  ),
];

/** kube-prometheus-stack has its own Ingress hosts. A second rule for one of them would take over its traffic. */
function existingHost(host: string, { domain }: { readonly domain: string }): string | undefined {
  const taken = ['grafana', 'prometheus', 'alertmanager'].map((existing) => `${existing}.${domain}`);
  return taken.includes(host)
    ? `must not be ${host}, which belongs to kube-prometheus-stack; choose another host name`
    : undefined;
}
