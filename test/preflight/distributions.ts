import type { Manifest } from '../support/render';
import { crd, existing, https, pick, remove, service, workload } from './existing';

/** What a distribution has instead of EKS. */
interface Distribution {
  readonly nodes: number;
  readonly nodeInfo: { kubeletVersion: string; containerRuntimeVersion: string; osImage: string };
  /** Addresses and port of the API server: of its Service, and behind it. */
  readonly api: { clusterIP: string; address: string; port: number };
  readonly storageClass: { name: string; provisioner: string; allowVolumeExpansion: boolean };
  readonly ingressClass: { name: string; controller: string };
  readonly others: readonly Manifest[];
}

/** A cluster of a distribution, with kube-prometheus-stack. */
function clusterOf({ nodes, nodeInfo, api, storageClass, ingressClass, others }: Distribution): Manifest[] {
  const objects = existing();
  const gone = [
    ['Service', 'kubernetes'],
    ['EndpointSlice', 'kubernetes-x'],
    ['CSIDriver', 'ebs.csi.aws.com'],
    ['Deployment', 'aws-load-balancer-controller'],
  ] as const;
  for (const [kind, name] of gone) remove(objects, pick(objects, kind, name));
  for (const node of objects.filter(({ kind }) => kind === 'Node').slice(nodes)) remove(objects, node);
  for (const { status } of objects.filter(({ kind }) => kind === 'Node')) status.nodeInfo = nodeInfo;
  const { name, ...fields } = storageClass;
  Object.assign(pick(objects, 'StorageClass', 'gp3'), fields).metadata.name = name;
  const alb = pick(objects, 'IngressClass', 'alb');
  alb.metadata.name = ingressClass.name;
  alb.spec.controller = ingressClass.controller;
  const { clusterIP, address, port } = api;
  return [...objects, ...service('default', 'kubernetes', { clusterIP }, https(port), [address]), ...others];
}

const deployment = (namespace: string, name: string, image: string) =>
  workload('Deployment', { name, namespace }, { containers: [{ name, image }] });

/** k3s on one machine, with the Traefik and the local volumes that it installs. */
export const k3s = (): Manifest[] => {
  const middleware = crd('Middleware', 'middlewares');
  middleware.metadata.name = 'middlewares.traefik.io';
  Object.assign(middleware.spec, { group: 'traefik.io', versions: [{ name: 'v1alpha1', served: true }] });
  return clusterOf({
    nodes: 1,
    nodeInfo: {
      kubeletVersion: 'v1.33.5+k3s1',
      containerRuntimeVersion: 'containerd://2.1.4-k3s1',
      osImage: 'Ubuntu 24.04.3 LTS',
    },
    api: { clusterIP: '10.43.0.1', address: '192.168.1.10', port: 6443 },
    storageClass: { name: 'local-path', provisioner: 'rancher.io/local-path', allowVolumeExpansion: false },
    ingressClass: { name: 'traefik', controller: 'traefik.io/ingress-controller' },
    others: [
      deployment('kube-system', 'traefik', 'rancher/mirrored-library-traefik:3.3.6'),
      deployment('kube-system', 'local-path-provisioner', 'rancher/local-path-provisioner:v0.0.32'),
      middleware,
    ],
  });
};

/** GKE Standard, with ingress-nginx. */
export const gke = (): Manifest[] =>
  clusterOf({
    nodes: 3,
    nodeInfo: {
      kubeletVersion: 'v1.33.5-gke.1080000',
      containerRuntimeVersion: 'containerd://2.0.6',
      osImage: 'Container-Optimized OS from Google',
    },
    api: { clusterIP: '34.118.224.1', address: '172.16.0.2', port: 443 },
    storageClass: { name: 'premium-rwo', provisioner: 'pd.csi.storage.gke.io', allowVolumeExpansion: true },
    ingressClass: { name: 'nginx', controller: 'k8s.io/ingress-nginx' },
    others: [
      deployment('ingress-nginx', 'ingress-nginx', 'registry.k8s.io/ingress-nginx/controller:v1.13.3'),
      { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'pd.csi.storage.gke.io' } },
    ],
  });
