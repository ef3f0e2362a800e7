import { isBuiltIn } from '../kubernetes/kinds';
import { groupOf, type KubernetesObject, type TypeMeta, versionOf } from '../kubernetes/object';
import { type Desired, unique } from './desired';
import { askGrafana, GRAFANA_SECTION, grafanaPods } from './grafana-answer';
import type { Kind } from './kinds';
import { shellWord } from './shell';

/** Placeholder for the name of Grafana's pod. */
const POD = 'POD';

/** One kubectl call, and the kinds in its response. */
export interface Read {
  readonly args: readonly string[];
  readonly kinds: readonly string[];
}

const listed = (apiVersion: string, ...kinds: Kind[]): TypeMeta[] =>
  kinds.map((kind) => ({ apiVersion, kind }));

/** Kinds of which checks read every object. */
const LISTED: readonly TypeMeta[] = [
  ...listed('v1', 'Namespace', 'Node', 'Service', 'PersistentVolumeClaim', 'ResourceQuota', 'LimitRange'),
  ...listed('apps/v1', 'Deployment', 'StatefulSet', 'DaemonSet'),
  ...listed('networking.k8s.io/v1', 'Ingress', 'IngressClass'),
  ...listed('storage.k8s.io/v1', 'StorageClass', 'CSIDriver'),
  ...listed('apiregistration.k8s.io/v1', 'APIService'),
  ...listed('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
];

/** Kinds of the Gateway API of which checks read every object, each by a call of its own. */
const OF_GATEWAYS = listed('gateway.networking.k8s.io/v1', 'Gateway', 'GatewayClass', 'HTTPRoute');

/** Services whose endpoints matter: the API server, and the cluster DNS under its usual names. */
const ENDPOINTS_OF = ['kubernetes', 'kube-dns', 'dns-default', 'coredns', 'rke2-coredns-rke2-coredns'];

/** A kind in kubectl syntax: `node`, `deployment.v1.apps`. */
function resource(type: TypeMeta): string {
  const group = groupOf(type);
  return [type.kind.toLowerCase(), ...(group === '' ? [] : [versionOf(type), group])].join('.');
}

/** Whether objects of a kind are looked up by name, because there may be many. */
function isNamed({ kind }: KubernetesObject): boolean {
  return kind !== 'Secret' && ![...LISTED, ...OF_GATEWAYS].some((one) => one.kind === kind);
}

/** The calls that read the objects for the checks, except the contents of Secrets. */
export function reads(desired: Desired): Read[] {
  const { objects, settings } = desired;
  const named = [...objects, ...foreignObjects(desired)].filter(isNamed);
  const groups = (some: readonly KubernetesObject[], key: (object: KubernetesObject) => string) =>
    unique(some.map(key)).map((value) => some.filter((object) => key(object) === value));
  const namespaceOf = ({ metadata }: KubernetesObject) => metadata.namespace ?? '';
  const everywhere = (types: readonly TypeMeta[], ...selector: string[]) =>
    read(['get', types.map(resource).join(','), '--all-namespaces', ...selector], types);
  const slices = `kubernetes.io/service-name in (${ENDPOINTS_OF.join(',')})`;
  return [
    everywhere(LISTED),
    everywhere(listed('monitoring.coreos.com/v1', 'Prometheus')),
    everywhere(listed('discovery.k8s.io/v1', 'EndpointSlice'), '-l', slices),
    everywhere(listed('v1', 'ConfigMap'), '-l', settings.grafana.datasourceLabel),
    ...(settings.gateway.enabled ? OF_GATEWAYS : []).map((type) => everywhere([type])),
    ...groups(named.filter(isBuiltIn), namespaceOf).map(readNamed),
    // kubectl fails completely if it does not know a kind, so each custom resource has its own call.
    ...groups(
      named.filter((object) => !isBuiltIn(object)),
      (object) => `${resource(object)} ${namespaceOf(object)}`,
    ).map(readNamed),
  ];
}

function read(args: readonly string[], types: readonly TypeMeta[]): Read {
  return { args: [...args, '-o', 'json'], kinds: unique(types.map(({ kind }) => kind)) };
}

function readNamed(objects: readonly KubernetesObject[]): Read {
  const namespace = objects[0]?.metadata.namespace;
  const names = objects.map((object) => `${resource(object)}/${object.metadata.name}`);
  const where = namespace === undefined ? [] : ['-n', namespace];
  return read(['get', ...names, ...where, '--ignore-not-found'], objects);
}

/** A foreign object that pods of the stack read, and the keys that they require of it. */
export interface ForeignObject extends KubernetesObject {
  readonly keys: readonly string[];
}

/** Foreign objects that pods of the stack read. */
export function foreignObjects(desired: Desired): ForeignObject[] {
  return [...bucketObjects(desired), ...destinationObjects(desired), ...loginObjects(desired)];
}

/** Keys of buckets, and certificate authorities of their servers. */
export function bucketObjects({ settings }: Desired): ForeignObject[] {
  return foreign(
    settings.cluster.namespace,
    [settings.loki.storage, settings.tempo.storage].flatMap((storage) =>
      storage.type === 'filesystem'
        ? []
        : [
            storage.identity.type === 'secret' && (['Secret', storage.identity.secretName] as const),
            storage.type === 's3' &&
              storage.caConfigMapName !== undefined &&
              (['ConfigMap', storage.caConfigMapName, 'ca.crt'] as const),
          ],
    ),
  );
}

/** Keys of the credentials of destinations. */
const CREDENTIAL_KEYS = { basic: ['username', 'password'], bearer: ['token'] } as const;

/** Credentials of destinations, and certificate authorities of their servers. */
export function destinationObjects({ settings }: Desired): ForeignObject[] {
  const { logs, tracing, cluster } = settings;
  return foreign(
    cluster.namespace,
    [...Object.values(logs.destinations), ...Object.values(tracing.destinations)].flatMap(
      ({ authentication, caConfigMapName, caSecretName }) => [
        authentication.type !== 'none' &&
          (['Secret', authentication.secretName, ...CREDENTIAL_KEYS[authentication.type]] as const),
        caConfigMapName !== undefined && (['ConfigMap', caConfigMapName, 'ca.crt'] as const),
        caSecretName !== undefined && (['Secret', caSecretName, 'ca.crt'] as const),
      ],
    ),
  );
}

/** Keys of the Secrets of logins, by controller and type. */
const LOGIN_KEYS: Readonly<Record<string, readonly string[]>> = {
  'envoy-gateway basic': ['.htpasswd'],
  'envoy-gateway oidc': ['client-id', 'client-secret'],
  'aws oidc': ['clientID', 'clientSecret'],
  'traefik basic': ['users'],
};

/** Secrets that the controller of a Gateway reads to authenticate requests. */
export function loginObjects({ settings }: Desired): ForeignObject[] {
  const { enabled, controller, authentication, otlp } = settings.gateway;
  if (!enabled) return [];
  return foreign(
    settings.cluster.namespace,
    [authentication, ...(otlp.enabled ? [otlp.authentication] : [])].map(
      (login) =>
        'secretName' in login &&
        (['Secret', login.secretName, ...(LOGIN_KEYS[`${controller} ${login.type}`] ?? [])] as const),
    ),
  );
}

/** Each object once, with all of its keys. */
function foreign(
  namespace: string,
  found: ReadonlyArray<false | readonly [kind: 'Secret' | 'ConfigMap', name: string, ...keys: string[]]>,
): ForeignObject[] {
  const objects = found.filter((one) => one !== false);
  return unique(objects.map(([kind, name]) => `${kind} ${name}`)).map((id) => {
    const [kind = '', name = ''] = id.split(' ');
    const keys = objects.filter((one) => one[0] === kind && one[1] === name).flatMap((one) => one.slice(2));
    return { apiVersion: 'v1', kind, metadata: { namespace, name }, keys: unique(keys) };
  });
}

/** Prints what a Secret is called and has, but nothing that it contains. */
const SECRET_TEMPLATE =
  'go-template={{.metadata.namespace}} {{.metadata.name}} ' +
  '{{with .metadata.labels}}{{with index . "app.kubernetes.io/part-of"}}{{.}}{{end}}{{end}} ' +
  '{{range $key, $_ := .data}}{{$key}} {{end}}';

/** The calls that list the Secrets that the stack has or reads: names, labels and keys, never their contents. */
export function secretReads(desired: Desired): Read[] {
  const secrets = [...desired.objects, ...foreignObjects(desired)].filter(({ kind }) => kind === 'Secret');
  return secrets.map(({ metadata }) => ({
    args: [
      ...['get', 'secret', metadata.name, '-n', metadata.namespace ?? 'default', '--ignore-not-found', '-o'],
      SECRET_TEMPLATE,
    ],
    kinds: ['Secret'],
  }));
}

/** The output of {@link secretReads}, as objects. */
export function secretsOf(text: string): KubernetesObject[] {
  const [namespace, name, partOf = '', ...keys] = text.trim().split(' ');
  if (name === undefined) return [];
  const labels: Record<string, string> = partOf === '' ? {} : { 'app.kubernetes.io/part-of': partOf };
  const data = Object.fromEntries(keys.filter((key) => key !== '').map((key) => [key, '']));
  return [
    { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name, labels }, data } as KubernetesObject,
  ];
}

/**
 * The command that writes an export, for someone with kubectl only. It also records errors.
 *
 * @param grafana Whether it queries Grafana for its datasources.
 */
export function exportCommand(desired: Desired, file: string, grafana: boolean): string {
  const calls = reads(desired).map(
    ({ args, kinds }) => `  echo '# ${kinds.join(',')}'; kubectl ${args.map(shellWord).join(' ')}`,
  );
  const pod = `"$(kubectl ${grafanaPods(desired).map(shellWord).join(' ')} | cut -d' ' -f1)"`;
  const [before = '', after = ''] = askGrafana(desired, POD).map(shellWord).join(' ').split(POD);
  if (grafana) calls.push(`  echo '# ${GRAFANA_SECTION}'; kubectl ${before}${pod}${after}`);
  return `{\n${calls.join('\n')}\n} > ${file} 2>&1`;
}
