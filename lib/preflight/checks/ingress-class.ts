import { nameOf } from '../../kubernetes/object';
import { type Check, type Finding, fail, notRequired, ok, type Values, warn } from '../check';
import type { Cluster } from '../cluster';
import { isOwn, unique } from '../desired';
import { CONTROLLERS, type Controller, controllerWorkloads } from '../ingress-controllers';
import type { ObjectOf } from '../kinds';

/** The class of every Ingress exists and belongs to `ingress.controller`, which runs. */
export const ingressClass: Check = {
  id: 'ingress-class',
  source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class',
  command: 'get ingressclasses',
  *assess(desired, cluster) {
    const names = unique(desired.kind('Ingress').map(({ spec }) => spec?.ingressClassName ?? ''));
    if (names.length === 0) return notRequired('no Ingress is rendered');
    for (const name of names)
      yield judgeClass(name, CONTROLLERS[desired.settings.ingress.controller], cluster);
    return undefined;
  },
};

const belongs = (to: Controller) => (one: ObjectOf<'IngressClass'>) =>
  to.classes.some((known) => one.spec?.controller?.startsWith(known));

function judgeClass(name: string, controller: Controller, cluster: Cluster): Finding {
  const classes = cluster.all('IngressClass');
  const found = classes.find(({ metadata }) => metadata.name === name);
  const owner = found?.spec?.controller ?? '';
  if (found === undefined || !belongs(controller)(found)) return wrongClass(name, controller, classes);
  const about = `IngressClass ${name} belongs to ${owner}`;
  // EKS Auto Mode runs the controller outside the cluster.
  const workloads = owner.startsWith('eks.amazonaws.com/')
    ? [found]
    : controllerWorkloads(controller, cluster);
  return workloads.length > 0
    ? ok(unique([found, ...workloads]), about)
    : warn(
        [found],
        `${about}, but no workload of ${controller.app} was found`,
        `check whether the controller runs: ${cluster.kubectl('get pods --all-namespaces')}`,
      );
}

/** A class to use instead, of the same controller if possible. */
function wrongClass(
  name: string,
  controller: Controller,
  classes: readonly ObjectOf<'IngressClass'>[],
): Finding {
  const found = classes.find(({ metadata }) => metadata.name === name);
  const observed = found
    ? `IngressClass ${name} belongs to ${found.spec?.controller}, not to ${controller.setting}`
    : `IngressClass ${name} does not exist: the Ingress would never get an address`;
  for (const other of [controller, ...Object.values(CONTROLLERS)]) {
    const instead = classes.find(belongs(other));
    if (instead === undefined) continue;
    const values: Values = { ingress: { controller: other.setting, className: instead.metadata.name } };
    const secret = other.setting === 'alb' ? '' : '; it requires ingress.tlsSecretName';
    return fail(classes, observed, `use the class of ${other.setting}, which exists${secret}`, { values });
  }
  return fail(
    classes,
    observed,
    'install an ingress controller, or disable access from outside, which Grafana does not need',
    { values: { ingress: { enabled: false } } },
  );
}

/** No other Ingress serves one of the host names. */
export const ingressHosts: Check = {
  id: 'ingress-hosts',
  source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#name-based-virtual-hosting',
  command: 'get ingress --all-namespaces',
  *assess(desired, cluster) {
    const hostsOf = ({ spec }: ObjectOf<'Ingress'>) => (spec?.rules ?? []).flatMap(({ host }) => host ?? []);
    const hosts = unique(desired.kind('Ingress').flatMap(hostsOf));
    if (hosts.length === 0) return notRequired('no Ingress with a host name is rendered');
    const others = cluster.all('Ingress').filter((one) => !isOwn(one));
    for (const other of others)
      for (const host of hostsOf(other).filter((one) => hosts.includes(one)))
        yield fail(
          [other],
          `${nameOf(other)} already serves ${host}`,
          'set another ingress.hosts.loki or ingress.hosts.tempo',
        );
    // Without any other Ingress, the namespace is the observed object.
    return ok([...cluster.namespaces(desired.namespaces), ...others], `${hosts.join(', ')} are free`);
  },
};
