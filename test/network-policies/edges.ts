import type { Endpoint, PacketPort } from '../../lib/kubernetes/network-reachability';

/** Somebody, somebody else, and ports that the one reaches the other on, or does not. */
export type Pair = readonly [from: string, to: string, ...ports: PacketPort[]];

/** Who there is in a cluster, by the names that the pairs below have. */
export type Parties = Readonly<Record<string, Endpoint>>;

const PART_OF = { 'app.kubernetes.io/part-of': 'logs-and-traces' };

/** Pods have addresses of a block of their own here, as no address is to let a pod in. */
export const pod = (namespace: string, labels: Record<string, string>, address = '100.64.3.7'): Endpoint => ({
  namespace,
  labels,
  address,
});

/** Parties of every case; what differs from one case to another is given. */
export function parties(namespace: string, differing: Parties): Parties {
  const own = (app: string) => pod(namespace, { app, ...PART_OF });
  return {
    loki: own('loki'),
    tempo: own('tempo'),
    collector: own('otel-collector'),
    promtail: own('promtail'),
    impostor: pod(namespace, { app: 'promtail' }),
    neighbour: pod(namespace, { 'app.kubernetes.io/name': 'alertmanager' }),
    stranger: pod('elsewhere', { 'app.kubernetes.io/name': 'grafana', app: 'grafana', prometheus: 'main' }),
    application: pod('shop', { app: 'checkout' }),
    node: { address: '10.99.0.1' },
    internet: { address: '198.51.100.1' },
    ...differing,
  };
}

const kubePrometheusStack = (namespace: string): Parties => ({
  grafana: pod(namespace, { 'app.kubernetes.io/name': 'grafana' }),
  prometheus: pod(namespace, { 'app.kubernetes.io/name': 'prometheus' }),
  dns: pod('kube-system', { 'k8s-app': 'kube-dns' }),
  'DNS cache': { address: '169.254.20.10' },
  'API service': { address: '172.20.0.1' },
  'API server': { address: '10.0.12.34' },
  'API server, VPC of eksctl': { address: '192.168.3.4' },
});

const TRACES: readonly PacketPort[] = [
  '4317/TCP',
  '4318/TCP',
  '14250/TCP',
  '14268/TCP',
  '6831/UDP',
  '6832/UDP',
  '9411/TCP',
];

/** What a pod needs that asks the API server for pods, and finds its destination by name. */
const asks = (from: string): Pair[] => [
  [from, 'dns', '53/UDP', '53/TCP'],
  [from, 'DNS cache', '53/UDP', '53/TCP'],
  [from, 'API service', '443/TCP'],
  [from, 'API server', '443/TCP'],
];

/** What the default values let through on top: the port of kubeadm, and a VPC of any private addresses. */
const asksAnywhere = (from: string): Pair[] => [
  [from, 'API server', '6443/TCP'],
  [from, 'API server, VPC of eksctl', '443/TCP'],
];

/** What every cluster needs. */
const NEEDED: readonly Pair[] = [
  ['promtail', 'loki', '3100/TCP'],
  ['grafana', 'loki', '3100/TCP'],
  ['grafana', 'tempo', '3100/TCP'],
  ['prometheus', 'loki', '3100/TCP'],
  ['prometheus', 'tempo', '3100/TCP'],
  ['prometheus', 'promtail', '3101/TCP'],
  ...asks('promtail'),
];

/** What a cluster with a collector needs on top. */
const WITH_COLLECTOR: readonly Pair[] = [
  ['application', 'collector', ...TRACES],
  ['collector', 'tempo', '4317/TCP'],
  ['prometheus', 'collector', '8888/TCP', '8889/TCP'],
  ...asks('collector'),
];

const OUTSIDE: readonly Pair[] = [
  ['outside', 'loki', '3100/TCP'],
  ['outside', 'tempo', '3100/TCP'],
];

/** What no cluster lets through. */
const DENIED: readonly Pair[] = [
  ...['application', 'impostor', 'neighbour', 'stranger', 'node', 'internet', 'collector'].map(
    (from): Pair => [from, 'loki', '3100/TCP'],
  ),
  ...['application', 'impostor', 'neighbour', 'stranger', 'node', 'internet', 'promtail'].map(
    (from): Pair => [from, 'tempo', '3100/TCP'],
  ),
  ...['grafana', 'prometheus', 'application', 'outside', 'stranger'].map(
    (from): Pair => [from, 'promtail', '3100/TCP', '9080/TCP'],
  ),
  ...['grafana', 'application', 'outside', 'stranger'].map((from): Pair => [from, 'promtail', '3101/TCP']),
  ['prometheus', 'loki', '9095/TCP', '80/TCP', '3100/UDP'],
  ['prometheus', 'tempo', '9095/TCP', '80/TCP'],
  ['outside', 'loki', '80/TCP', '9095/TCP'],
  ['loki', 'tempo', '3100/TCP', '4317/TCP'],
  ['promtail', 'loki', '80/TCP', '9095/TCP'],
  ['promtail', 'internet', '443/TCP', '53/UDP'],
  ['promtail', 'API server', '22/TCP', '10250/TCP'],
  ...['loki', 'tempo'].flatMap((from): Pair[] => [
    [from, 'internet', '443/TCP', '80/TCP'],
    [from, 'API server', '443/TCP', '6443/TCP'],
    [from, 'dns', '53/UDP', '53/TCP'],
    [from, 'application', '8080/TCP'],
    [from, 'grafana', '3000/TCP'],
  ]),
];

const DENIED_WITH_COLLECTOR: readonly Pair[] = [
  ...['application', 'grafana', 'prometheus', 'outside', 'promtail', 'internet'].map(
    (from): Pair => [from, 'tempo', '4317/TCP'],
  ),
  ...['application', 'grafana', 'outside', 'stranger', 'internet'].map(
    (from): Pair => [from, 'collector', '8888/TCP', '8889/TCP', '13133/TCP'],
  ),
  ['internet', 'collector', ...TRACES],
  ['collector', 'tempo', '3100/TCP', '4318/TCP'],
  ['collector', 'internet', '443/TCP', '4317/TCP'],
  ['collector', 'API server', '22/TCP'],
];

/** What a case lets through, and what not. */
export interface Expected {
  readonly name: string;
  readonly parties: Parties;
  readonly allowed: readonly Pair[];
  readonly denied: readonly Pair[];
}

const LOAD_BALANCER: Endpoint = { address: '10.0.48.6' };
const NODES: Parties = { node: { address: '203.0.113.7' } };

export const EXPECTED: readonly Expected[] = [
  {
    name: 'default',
    parties: parties('monitoring', {
      ...kubePrometheusStack('monitoring'),
      ...NODES,
      outside: LOAD_BALANCER,
      'outside, second subnet': { address: '10.0.49.6' },
      'outside, third subnet': { address: '10.0.50.6' },
      'pod of the VPC': pod('shop', { app: 'checkout' }, '10.0.5.6'),
      'other VPC': { address: '192.168.1.2' },
    }),
    allowed: [
      ...NEEDED,
      ...WITH_COLLECTOR,
      ...OUTSIDE,
      ...asksAnywhere('promtail'),
      ...asksAnywhere('collector'),
      ...['outside, second subnet', 'outside, third subnet'].flatMap((from): Pair[] => [
        [from, 'loki', '3100/TCP'],
        [from, 'tempo', '3100/TCP'],
      ]),
    ],
    denied: [
      ...DENIED,
      ...DENIED_WITH_COLLECTOR,
      ...['pod of the VPC', 'other VPC'].flatMap((from): Pair[] => [
        [from, 'loki', '3100/TCP'],
        [from, 'tempo', '3100/TCP'],
      ]),
    ],
  },
  {
    name: 'everything',
    parties: parties('observability', {
      grafana: pod('grafana', { app: 'grafana' }),
      prometheus: pod('metrics', { prometheus: 'main' }),
      alertmanager: pod('alerts', { app: 'alertmanager' }),
      dns: pod('dns', { app: 'coredns' }),
      'DNS cache': { address: '172.20.0.10' },
      'API service': { address: '172.20.0.1' },
      'API server': { address: '10.20.1.5' },
      'other API server': { address: '10.20.2.5' },
      outside: { address: '10.20.0.9' },
      'application on the network of its host': { address: '10.30.1.1' },
      'application of another namespace': pod('elsewhere', { app: 'checkout' }),
    }),
    allowed: [
      ...NEEDED,
      ...WITH_COLLECTOR,
      ...OUTSIDE,
      ['application on the network of its host', 'collector', ...TRACES],
      // Loki sends log alerts.
      ['loki', 'alertmanager', '9094/TCP'],
      ['loki', 'dns', '53/UDP', '53/TCP'],
      ['loki', 'DNS cache', '53/UDP', '53/TCP'],
      ...['promtail', 'collector', 'loki'].flatMap((from): Pair[] => [
        [from, 'dns', '5353/UDP', '5353/TCP'],
        [from, 'DNS cache', '5353/UDP', '5353/TCP'],
      ]),
    ],
    denied: [
      ...DENIED.filter(([from, to]) => from !== 'loki' || to !== 'dns'),
      ...DENIED_WITH_COLLECTOR,
      ['loki', 'alertmanager', '9093/TCP'],
      ['loki', 'neighbour', '9094/TCP'],
      ['alertmanager', 'loki', '3100/TCP'],
      ['promtail', 'API server', '6443/TCP'],
      ['collector', 'API server', '6443/TCP'],
      ['application of another namespace', 'collector', ...TRACES],
      ['application on the network of its host', 'loki', '3100/TCP'],
      ['promtail', 'other API server', '443/TCP'],
    ],
  },
  {
    name: 'minimal',
    parties: parties('monitoring', { ...kubePrometheusStack('monitoring'), outside: LOAD_BALANCER }),
    // No Ingress, so that nobody comes in from outside.
    allowed: [...NEEDED, ...WITH_COLLECTOR, ...asksAnywhere('promtail'), ...asksAnywhere('collector')],
    denied: [...DENIED, ...DENIED_WITH_COLLECTOR, ...OUTSIDE],
  },
  {
    name: 'nginx',
    parties: parties('monitoring', {
      ...kubePrometheusStack('monitoring'),
      outside: pod('ingress', { app: 'nginx' }),
      'other controller': pod('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx' }),
    }),
    allowed: [
      ...NEEDED,
      ...WITH_COLLECTOR,
      ...OUTSIDE,
      ...asksAnywhere('promtail'),
      ...asksAnywhere('collector'),
    ],
    denied: [
      ...DENIED,
      ...DENIED_WITH_COLLECTOR.filter(([from]) => from !== 'outside'),
      ['other controller', 'loki', '3100/TCP'],
    ],
  },
  {
    name: 'traefik',
    // Prometheus runs next to the stack, and Grafana elsewhere.
    parties: parties('observability', {
      ...kubePrometheusStack('observability'),
      grafana: pod('monitoring', { 'app.kubernetes.io/name': 'grafana' }),
      outside: pod('traefik', { 'app.kubernetes.io/name': 'traefik' }),
    }),
    // Clients sample, and send to Tempo itself.
    allowed: [...NEEDED, ...OUTSIDE, ...asksAnywhere('promtail'), ['application', 'tempo', ...TRACES]],
    denied: [...DENIED.filter(([from]) => from !== 'collector'), ['internet', 'tempo', ...TRACES]],
  },
];
