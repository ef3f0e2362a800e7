import { type Check, type Finding, fail, ok, warn } from '../check';
import type { Cluster } from '../cluster';
import type { Ingress, IngressClass, Workload } from '../kinds';
import { isOwn, show } from '../objects';
import { unique } from '../wanted';

/** Controllers that `ingress.controller` can name: by what their classes say, and what their own pods are labelled. */
const CONTROLLERS = [
  {
    setting: 'alb',
    annotation: 'alb.ingress.kubernetes.io/',
    classes: ['ingress.k8s.aws/alb', 'eks.amazonaws.com/alb'],
    app: 'aws-load-balancer-controller',
  },
  {
    setting: 'nginx',
    annotation: 'nginx.ingress.kubernetes.io/',
    classes: ['k8s.io/ingress-nginx'],
    app: 'ingress-nginx',
  },
  {
    setting: 'traefik',
    annotation: 'traefik.ingress.kubernetes.io/',
    classes: ['traefik.io/ingress-controller'],
    app: 'traefik',
  },
] as const;
type Controller = (typeof CONTROLLERS)[number];

/** EKS Auto Mode runs it outside of the cluster. */
const WITHOUT_PODS = 'eks.amazonaws.com/alb';

/** The class of every Ingress is there, belongs to the controller that its annotations are for, which runs. */
export const ingressClass: Check = {
  id: 'ingress-class',
  source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class',
  judge(wanted, cluster) {
    if (wanted.ingresses.length === 0) return [ok('no Ingress is wanted')];
    const classes = cluster.all<IngressClass>('IngressClass');
    const names = unique(wanted.ingresses.map(({ spec }) => spec.ingressClassName));
    const annotated = wanted.ingresses.flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {}));
    const controller = CONTROLLERS.find(({ annotation }) =>
      annotated.some((key) => key.startsWith(annotation)),
    );
    return names.map((name) => judgeClass(name ?? '', controller, classes, cluster));
  },
};

function judgeClass(
  name: string,
  controller: Controller | undefined,
  classes: readonly IngressClass[],
  cluster: Cluster,
): Finding {
  const found = classes.find(({ metadata }) => metadata.name === name);
  const fits = ({ spec }: IngressClass, { classes: known }: Controller) =>
    (known as readonly string[]).includes(spec.controller);
  if (found === undefined || (controller && !fits(found, controller))) {
    const evidence = found
      ? `IngressClass ${name} belongs to ${found.spec.controller}, not to ${controller?.setting}`
      : `there is no IngressClass ${name}: the Ingress would never get an address`;
    const same = controller && classes.find((one) => fits(one, controller));
    if (same)
      return fail(evidence, 'take the class of that controller', {
        ours: { ingress: { className: same.metadata.name } },
      });
    for (const other of CONTROLLERS) {
      const theirs = classes.find((one) => fits(one, other));
      if (theirs)
        return fail(
          evidence,
          `take ${other.setting}, which is there${other.setting === 'alb' ? '' : '; it needs ingress.tlsSecretName too'}`,
          {
            ours: { ingress: { controller: other.setting, className: theirs.metadata.name } },
          },
        );
    }
    return fail(evidence, 'install an ingress controller, or do without: Grafana needs none', {
      ours: { ingress: { enabled: false } },
    });
  }
  const about = `IngressClass ${name} belongs to ${found.spec.controller}`;
  if (controller === undefined || found.spec.controller === WITHOUT_PODS || runs(controller, cluster))
    return ok(about);
  return warn(
    `${about}, of which no Deployment or DaemonSet labelled ${controller.app} was seen`,
    'look whether the controller runs',
  );
}

function runs({ app }: Controller, cluster: Cluster): boolean {
  const workloads = ['Deployment', 'DaemonSet'].flatMap((kind) => cluster.all<Workload>(kind));
  return workloads.some(
    ({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === app || metadata.name.includes(app),
  );
}

/** No other Ingress has a host name of ours. */
export const ingressHosts: Check = {
  id: 'ingress-hosts',
  source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#name-based-virtual-hosting',
  judge(wanted, cluster) {
    const hostsOf = ({ spec }: Ingress) => (spec.rules ?? []).flatMap(({ host }) => host ?? []);
    const hosts = unique(wanted.ingresses.flatMap(hostsOf));
    if (hosts.length === 0) return [ok('no host name is wanted')];
    const findings = cluster.all<Ingress>('Ingress').flatMap((other) =>
      hostsOf(other)
        .filter((host) => hosts.includes(host) && !isOwn(other))
        .map((host) =>
          fail(
            `${show(other)} serves ${host} already`,
            'set another ingress.hosts.loki or ingress.hosts.tempo',
          ),
        ),
    );
    return findings.length > 0 ? findings : [ok(`${hosts.join(', ')} are free`)];
  },
};
