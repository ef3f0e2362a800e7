import type { Settings } from '../settings';
import type { Cluster } from './cluster';
import type { Workload } from './kinds';
import { podLabels, runs } from './pods';

type Setting = Settings['ingress']['controller'];

/** How to recognize the objects of an ingress controller in any distribution. */
export interface Controller {
  readonly setting: Setting;
  /** Prefixes of `spec.controller` in its IngressClasses. */
  readonly classes: readonly string[];
  /** Value of the label `app.kubernetes.io/name` on its pods. */
  readonly app: string;
  readonly image: RegExp;
}

/** Controllers that `ingress.controller` supports. AKS, RKE2 and MicroK8s ship ingress-nginx under their own names. */
export const CONTROLLERS: Readonly<Record<Setting, Controller>> = {
  alb: {
    setting: 'alb',
    classes: ['ingress.k8s.aws/alb', 'eks.amazonaws.com/alb'],
    app: 'aws-load-balancer-controller',
    image: /\/aws-load-balancer-controller[:@]/,
  },
  nginx: {
    setting: 'nginx',
    classes: ['k8s.io/ingress-nginx', 'webapprouting.kubernetes.azure.com/nginx'],
    app: 'ingress-nginx',
    image: /ingress-nginx|nginx-ingress-controller/,
  },
  traefik: {
    setting: 'traefik',
    classes: ['traefik.io/ingress-controller'],
    app: 'traefik',
    image: /(?:^|[/-])traefik[:@]/,
  },
};

/** Workloads that run a controller. */
export function controllerWorkloads({ app, image }: Controller, cluster: Cluster): Workload[] {
  return cluster.findWorkloads(
    (workload) =>
      podLabels(workload)['app.kubernetes.io/name'] === app ||
      workload.metadata.labels?.['app.kubernetes.io/name'] === app ||
      runs(workload, (container) => image.test(container.image ?? '')),
  );
}
