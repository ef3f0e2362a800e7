import { describe, expect, test } from '@jest/globals';
import type { Manifest } from '../support/render';
import { assess, kubeDns, pick, remove, STACK, service, workload } from './existing';
import { reports, type Wrong } from './wrong';

const kubeDnsLabels = { 'k8s-app': 'kube-dns' };

/** Replaces the cluster DNS. */
const withDns =
  (...others: Manifest[]) =>
  (objects: Manifest[]) => {
    remove(objects, pick(objects, 'Service', 'kube-dns'));
    remove(objects, pick(objects, 'EndpointSlice', 'kube-dns-x'));
    remove(objects, pick(objects, 'Deployment', 'coredns'));
    objects.push(...others);
  };

const coreDns = (
  kind: string,
  namespace: string,
  name: string,
  labels: Record<string, string>,
  port = 53,
) => {
  const ports = [{ name: 'dns', containerPort: port, protocol: 'UDP' }];
  const containers = [{ name: 'dns', image: 'coredns/coredns:1.12.1', ports }];
  return workload(kind, { name, namespace }, { containers }, labels);
};

const nodeLocalDns = (...addresses: string[]) =>
  workload(
    'DaemonSet',
    { name: 'node-local-dns', namespace: 'kube-system' },
    {
      hostNetwork: true,
      containers: [
        { name: 'node-cache', image: 'k8s-dns-node-cache:1.26.4', args: ['-localip', addresses.join(',')] },
      ],
    },
    { 'k8s-app': 'node-local-dns' },
  );

const openShiftDns = { 'dns.operator.openshift.io/daemonset-dns': 'default' };

describe('the cluster DNS is allowed', () => {
  const kubeDnsService = (selector = kubeDnsLabels, target: number | string = 53) =>
    service('kube-system', 'kube-dns', { clusterIP: '10.43.0.10', selector }, kubeDns(target), ['10.42.0.2']);

  test.each<[string, (objects: Manifest[]) => void]>([
    ['a Deployment, as on EKS, GKE, AKS, k3s and kind', () => {}],
    [
      'a DaemonSet',
      withDns(...kubeDnsService(), coreDns('DaemonSet', 'kube-system', 'coredns', kubeDnsLabels)),
    ],
    [
      'RKE2, where the Service has another name',
      withDns(
        ...service(
          'kube-system',
          'rke2-coredns-rke2-coredns',
          { clusterIP: '10.43.0.10', selector: kubeDnsLabels, labels: kubeDnsLabels },
          kubeDns(),
          ['10.42.0.2'],
        ),
        coreDns('Deployment', 'kube-system', 'rke2-coredns-rke2-coredns', {
          ...kubeDnsLabels,
          'app.kubernetes.io/name': 'rke2-coredns',
        }),
      ),
    ],
    ['pods of which no workload was seen', withDns(...kubeDnsService())],
    [
      'a named port',
      withDns(
        ...kubeDnsService(kubeDnsLabels, 'dns'),
        coreDns('Deployment', 'kube-system', 'x', kubeDnsLabels),
      ),
    ],
    ['NodeLocal DNSCache on its usual address', (objects) => objects.push(nodeLocalDns('169.254.20.10'))],
  ])('with %s', (_, change) => {
    expect(assess('dns', change)).toMatchObject([{ verdict: 'ok', required: true }]);
  });
});

const API = (address: string, port: number) => (objects: Manifest[]) => {
  const slice = pick(objects, 'EndpointSlice', 'kubernetes-x');
  slice.endpoints = [{ addresses: [address] }];
  slice.ports = [{ name: 'https', port, protocol: 'TCP' }];
};

const exposedBy = (controller: string) => ({
  ...STACK,
  ingress: {
    enabled: true,
    controller,
    tlsSecretName: 'tls',
    openToTheInternet: 'anyone may read every log and trace',
  },
});

const controller = (
  kind: string,
  namespace: string,
  name: string,
  image: string,
  labels: Record<string, string>,
  pod: object = {},
) => workload(kind, { name, namespace }, { ...pod, containers: [{ name, image }] }, labels);

const TRAEFIK = 'rancher/mirrored-library-traefik:3.5.1';
const NGINX = 'registry.k8s.io/ingress-nginx/controller:v1.13.3';

const WRONG: readonly Wrong[] = [
  {
    what: 'no Service of the cluster DNS',
    id: 'dns',
    change: withDns(),
    verdict: 'unknown',
    observed: 'no Service of the cluster DNS was found',
  },
  {
    what: 'other labels of CoreDNS',
    id: 'dns',
    change: withDns(
      ...service(
        'kube-system',
        'coredns',
        { clusterIP: '10.0.0.10', selector: { 'k8s-app': 'coredns' }, labels: { 'k8s-app': 'coredns' } },
        kubeDns(),
        ['10.42.0.2'],
      ),
      coreDns('Deployment', 'kube-system', 'coredns', { 'k8s-app': 'coredns' }),
    ),
    verdict: 'fail',
    observed: 'the NetworkPolicies block DNS: pods of Deployment kube-system/coredns on 53/UDP and 53/TCP',
    paste: { networkPolicies: { dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'coredns' } } } },
  },
  {
    what: 'NodeLocal DNSCache on another address, as kubespray has it',
    id: 'dns',
    change: (objects) => objects.push(nodeLocalDns('169.254.25.10')),
    verdict: 'fail',
    observed: 'the NetworkPolicies block DNS: 169.254.25.10 on 53/UDP and 53/TCP',
    paste: { networkPolicies: { dns: { cidrs: ['169.254.20.10/32', '169.254.25.10/32'] } } },
  },
  {
    what: 'NodeLocal DNSCache on the address of the Service',
    id: 'dns',
    change: (objects) => objects.push(nodeLocalDns('169.254.20.10', '172.20.0.10')),
    verdict: 'fail',
    observed: 'the NetworkPolicies block DNS: 172.20.0.10 on 53/UDP and 53/TCP',
    paste: { networkPolicies: { dns: { cidrs: ['169.254.20.10/32', '172.20.0.10/32'] } } },
  },
  ...(
    [
      ['OpenShift', 'openshift-dns', 'dns-default', 'DaemonSet', openShiftDns, 5353],
      ['Gardener', 'kube-system', 'kube-dns', 'Deployment', kubeDnsLabels, 8053],
    ] as const
  ).map(
    ([what, namespace, name, kind, labels, port]): Wrong => ({
      what: `the port of DNS on ${what}`,
      id: 'dns',
      change: withDns(
        ...service(namespace, name, { clusterIP: '172.30.0.10', selector: labels }, kubeDns('dns', port), [
          '10.1.0.2',
        ]),
        coreDns(kind, namespace, name, labels, port),
      ),
      verdict: 'fail',
      observed: `the NetworkPolicies block DNS: pods of ${kind} ${namespace}/${name} on ${port}/UDP and ${port}/TCP`,
      paste: { networkPolicies: { dns: { namespace, podLabels: { ...labels }, ports: [53, port] } } },
    }),
  ),
  {
    what: 'EKS Auto Mode, where nodes answer for a Service without endpoints',
    id: 'dns',
    change: withDns(
      ...service(
        'kube-system',
        'kube-dns',
        { clusterIP: '172.20.0.10', selector: kubeDnsLabels },
        kubeDns(),
        [],
      ),
    ),
    verdict: 'fail',
    observed: 'the NetworkPolicies block DNS: 172.20.0.10 on 53/UDP and 53/TCP',
    paste: { networkPolicies: { dns: { cidrs: ['169.254.20.10/32', '172.20.0.10/32'] } } },
  },
  ...(
    [
      ['AKS, whose API server is public', '20.103.64.9', 443, { cidrs: ['20.103.64.9/32'], ports: [] }],
      ['GKE, whose API server is public', '34.89.12.7', 443, { cidrs: ['34.89.12.7/32'], ports: [] }],
      ['MicroK8s, whose API server has another port', '192.168.1.9', 16443, { cidrs: [], ports: [16443] }],
      ['an API server of shared address space', '100.64.3.4', 6443, { cidrs: ['100.64.3.4/32'], ports: [] }],
      ['an API server of IPv6', 'fd00::5', 6443, { cidrs: ['fd00::5/128'], ports: [] }],
    ] as const
  ).map(
    ([what, address, port, { cidrs, ports }]): Wrong => ({
      what,
      id: 'api-server',
      change: API(address, port),
      verdict: 'fail',
      observed: `the NetworkPolicies block the API server: ${address} on ${port}/TCP; the agent finds no pods, and no logs arrive`,
      paste: {
        networkPolicies: {
          apiServer: {
            cidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', ...cidrs],
            ports: [443, 6443, ...ports],
          },
        },
      },
    }),
  ),
  {
    what: 'a Service of the API server that was not seen',
    id: 'api-server',
    change: (objects) => remove(objects, pick(objects, 'Service', 'kubernetes')),
    verdict: 'unknown',
    observed: 'Service default/kubernetes was not found',
  },
  {
    what: 'endpoints of the API server that were not seen',
    id: 'api-server',
    change: (objects) => remove(objects, pick(objects, 'EndpointSlice', 'kubernetes-x')),
    verdict: 'unknown',
    observed: 'the endpoints of Service default/kubernetes were not found',
  },
  {
    what: 'Traefik in kube-system, as k3s installs it',
    id: 'ingress-controller',
    values: exposedBy('traefik'),
    change: (objects) =>
      objects.push(
        controller('Deployment', 'kube-system', 'traefik', TRAEFIK, {
          'app.kubernetes.io/name': 'traefik',
          'app.kubernetes.io/instance': 'traefik-kube-system',
        }),
        // k3s forwards ports of the node with pods that are no Traefik.
        controller('DaemonSet', 'kube-system', 'svclb-traefik-1a2b', 'rancher/klipper-lb:v0.4.13', {
          app: 'svclb-traefik-1a2b',
        }),
      ),
    verdict: 'fail',
    observed: 'the NetworkPolicies block traefik: Deployment kube-system/traefik',
    paste: {
      networkPolicies: {
        ingressController: { namespace: 'kube-system', podLabels: { 'app.kubernetes.io/name': 'traefik' } },
      },
    },
  },
  {
    what: 'ingress-nginx in the network of its nodes, as RKE2 may run it',
    id: 'ingress-controller',
    values: exposedBy('nginx'),
    change: (objects) =>
      objects.push(
        controller(
          'DaemonSet',
          'kube-system',
          'rke2-ingress-nginx-controller',
          'rancher/nginx-ingress-controller:v1.12.6-hardened1',
          { 'app.kubernetes.io/name': 'rke2-ingress-nginx' },
          { hostNetwork: true },
        ),
      ),
    verdict: 'fail',
    observed:
      'the NetworkPolicies block ingress-nginx: DaemonSet kube-system/rke2-ingress-nginx-controller, which connects from the addresses of nodes',
    paste: {
      networkPolicies: { ingressController: { cidrs: ['10.0.1.1/32', '10.0.1.2/32', '10.0.1.3/32'] } },
    },
  },
  {
    what: 'ingress-nginx under the names of MicroK8s',
    id: 'ingress-controller',
    values: exposedBy('nginx'),
    change: (objects) =>
      objects.push(
        controller('DaemonSet', 'ingress', 'nginx-ingress-microk8s-controller', NGINX, {
          name: 'nginx-ingress-microk8s',
        }),
      ),
    verdict: 'fail',
    observed: 'the NetworkPolicies block ingress-nginx: DaemonSet ingress/nginx-ingress-microk8s-controller',
    paste: {
      networkPolicies: {
        ingressController: { namespace: 'ingress', podLabels: { name: 'nginx-ingress-microk8s' } },
      },
    },
  },
  {
    what: 'ingress-nginx under the names of AKS',
    id: 'ingress-controller',
    values: exposedBy('nginx'),
    change: (objects) =>
      objects.push(
        controller(
          'Deployment',
          'app-routing-system',
          'nginx',
          'mcr.microsoft.com/oss/kubernetes/ingress/nginx-ingress-controller:v1.11.5',
          { app: 'nginx' },
        ),
      ),
    verdict: 'fail',
    observed: 'the NetworkPolicies block ingress-nginx: Deployment app-routing-system/nginx',
    paste: {
      networkPolicies: {
        ingressController: { namespace: 'app-routing-system', podLabels: { app: 'nginx' } },
      },
    },
  },
];

reports(WRONG);

test.each([
  ['kind', '172.18.0.2', 6443],
  ['k3s', '192.168.1.10', 6443],
  ['a private cluster of AKS', '10.224.0.4', 443],
])('allows the API server of %s', (_, address, port) => {
  expect(assess('api-server', API(address, port))).toMatchObject([{ verdict: 'ok' }]);
});

test.each([
  ['traefik', 'Deployment', 'traefik', 'traefik', 'docker.io/traefik:v3.5.3'],
  ['nginx', 'Deployment', 'ingress-nginx', 'ingress-nginx', NGINX],
])('allows %s where its own chart installs it', (setting, kind, namespace, app, image) => {
  const installed = controller(kind, namespace, app, image, { 'app.kubernetes.io/name': app });
  const [result] = assess('ingress-controller', (objects) => objects.push(installed), exposedBy(setting));

  expect(result).toMatchObject({ verdict: 'ok', objects: [{ metadata: { namespace } }] });
});

test('reports unknown for the addresses of an ALB and for a controller that was not found', () => {
  expect(assess('ingress-controller')).toMatchObject([{ verdict: 'unknown' }]);
  expect(assess('ingress-controller', () => {}, exposedBy('traefik'))).toMatchObject([
    { verdict: 'unknown' },
  ]);
});

test('warns about a blocked second controller, which may belong to someone else', () => {
  const traefik = (namespace: string) =>
    controller('Deployment', namespace, 'traefik', TRAEFIK, { 'app.kubernetes.io/name': 'traefik' });
  const results = assess(
    'ingress-controller',
    (objects) => objects.push(traefik('traefik'), traefik('other')),
    exposedBy('traefik'),
  );

  expect(results.map(({ verdict }) => verdict)).toEqual(['warn', 'ok']);
});

test('requires nothing of the network without NetworkPolicies', () => {
  const values = { ...STACK, networkPolicies: { enabled: false } };

  for (const id of ['network-policies', 'dns', 'api-server', 'ingress-controller'])
    expect(assess(id, () => {}, values)).toMatchObject([{ verdict: 'ok', required: false }]);
});

test('looks for the controller of your own route', () => {
  const values = {
    ...STACK,
    ingress: { enabled: false },
    networkPolicies: { ingressController: { namespace: 'envoy-gateway-system' } },
  };
  const envoy = controller('Deployment', 'envoy-gateway-system', 'envoy', 'envoyproxy/envoy:v1.35.3', {
    app: 'envoy',
  });

  expect(assess('ingress-controller', () => {}, values)).toMatchObject([{ verdict: 'unknown' }]);
  expect(assess('ingress-controller', (objects) => objects.push(envoy), values)).toMatchObject([
    { verdict: 'ok', objects: [{ metadata: { name: 'envoy' } }] },
  ]);
});
