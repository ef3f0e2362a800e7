import { listAt, textAt } from '../../kubernetes/json';
import { nameOf } from '../../kubernetes/object';
import { selects } from '../../kubernetes/selectors';
import { type Check, type Finding, fail, notRequired, ok, warn } from '../check';
import type { Cluster } from '../cluster';
import type { Desired } from '../desired';
import type { ObjectOf } from '../kinds';
import { presence } from '../presence';
import { loginObjects } from '../reads';

type Listener = NonNullable<NonNullable<ObjectOf<'Gateway'>['spec']>['listeners']>[number];

/** `spec.controllerName` of the GatewayClasses of each controller. */
const CONTROLLER_NAMES: Readonly<Record<string, RegExp>> = {
  'envoy-gateway': /^gateway\.envoyproxy\.io\//,
  aws: /^gateway\.k8s\.aws\/alb$/,
  traefik: /^traefik\.io\/gateway-controller$/,
};

/** The Gateway exists, belongs to `gateway.controller`, and its listener serves the routes over HTTPS. */
export const gateway: Check = {
  id: 'gateway',
  source: 'https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways',
  command: 'get gateways,gatewayclasses --all-namespaces',
  *assess(desired, cluster) {
    // Without any object, nothing was observed.
    cluster.some('Namespace');
    const { settings } = desired;
    const { enabled, parent } = settings.gateway;
    if (!enabled) return notRequired('gateway.enabled is false');
    const found = cluster
      .all('Gateway')
      .find(({ metadata }) => metadata.name === parent.name && metadata.namespace === parent.namespace);
    if (found === undefined)
      return fail(
        cluster.all('Gateway'),
        `Gateway ${parent.namespace}/${parent.name} does not exist: nothing would serve the routes`,
        'set gateway.parent to an existing Gateway, or create it',
      );
    yield* judgeController(found, desired, cluster);
    yield* judgeListener(found, desired, cluster);
    const secrets = yield* presence(
      cluster,
      loginObjects(desired),
      'docs/access.md#gateway-api',
      'nobody could log in',
    );
    return ok(
      [found, ...secrets],
      `${nameOf(found)} serves the routes on its listener ${parent.sectionName}`,
    );
  },
};

/** A policy that another controller does not know has no effect. */
function* judgeController(
  found: ObjectOf<'Gateway'>,
  { settings }: Desired,
  cluster: Cluster,
): Generator<Finding> {
  const { controller } = settings.gateway;
  const name = found.spec?.gatewayClassName;
  const gatewayClass = cluster.all('GatewayClass').find(({ metadata }) => metadata.name === name);
  const owner = gatewayClass?.spec?.controllerName ?? '';
  const wanted = CONTROLLER_NAMES[controller];
  if (gatewayClass === undefined)
    yield fail([found], `GatewayClass ${name} of ${nameOf(found)} does not exist`, 'install its controller');
  else if (wanted !== undefined && !wanted.test(owner)) {
    const other = Object.keys(CONTROLLER_NAMES).find((one) => CONTROLLER_NAMES[one]?.test(owner)) ?? 'other';
    yield fail(
      [found, gatewayClass],
      `${nameOf(found)} belongs to ${owner}, which ignores the policies of ${controller}: the routes would be open`,
      `set gateway.controller to ${other}, whose logins are in docs/access.md`,
    );
  }
  const programmed = listAt(found, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'Programmed',
  );
  if (programmed !== undefined && textAt(programmed, 'status') !== 'True')
    yield warn(
      [found],
      `${nameOf(found)} is not programmed: ${textAt(programmed, 'message') || textAt(programmed, 'reason')}`,
      'ask the team that runs the Gateway',
    );
}

function* judgeListener(
  found: ObjectOf<'Gateway'>,
  { settings }: Desired,
  cluster: Cluster,
): Generator<Finding> {
  const { parent, hosts, otlp } = settings.gateway;
  const { namespace } = settings.cluster;
  const listeners = found.spec?.listeners ?? [];
  const listener = listeners.find(({ name }) => name === parent.sectionName);
  const about = `listener ${parent.sectionName} of ${nameOf(found)}`;
  if (listener === undefined)
    return yield fail(
      [found],
      `${nameOf(found)} has no listener ${parent.sectionName}, but: ${listeners.map(({ name }) => name).join(', ')}`,
      'set gateway.parent.sectionName to a listener with HTTPS',
    );
  if (listener.protocol !== 'HTTPS')
    yield fail(
      [found],
      `the ${about} uses ${listener.protocol}: passwords, logs and traces would not be encrypted`,
      'set gateway.parent.sectionName to a listener with HTTPS',
    );
  if (!allows(listener, found, namespace, cluster))
    yield fail(
      [found],
      `the ${about} does not allow routes from namespace ${namespace}`,
      'ask the team that runs the Gateway to allow it in allowedRoutes.namespaces',
    );
  const served = [hosts.loki, hosts.tempo, ...(otlp.enabled ? [hosts.otlp] : [])];
  const unserved = served.filter((host) => !serves(listener.hostname, host));
  if (unserved.length > 0)
    yield fail(
      [found],
      `the ${about} serves ${listener.hostname}, not ${unserved.join(', ')}`,
      'set gateway.hosts to names that it serves, or choose another listener',
    );
}

/** Whether a listener allows HTTPRoutes of a namespace. Without a setting, only those of the Gateway's own. */
function allows(
  { allowedRoutes }: Listener,
  { metadata }: ObjectOf<'Gateway'>,
  namespace: string,
  cluster: Cluster,
): boolean {
  const { from = 'Same', selector = {} } = allowedRoutes?.namespaces ?? {};
  const kinds = allowedRoutes?.kinds ?? [];
  if (kinds.length > 0 && !kinds.some(({ kind }) => kind === 'HTTPRoute')) return false;
  if (from === 'Selector') return selects(selector, cluster.namespaceLabels(namespace));
  return from === 'All' || (from === 'Same' && metadata.namespace === namespace);
}

/** Whether a listener serves a host name: its own, every one, or those below a wildcard. */
function serves(hostname: string | undefined, host: string): boolean {
  if (hostname === undefined || hostname === '' || hostname === host) return true;
  return hostname.startsWith('*.') && host.endsWith(hostname.slice(1));
}
