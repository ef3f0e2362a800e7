import { groupOf, type KubernetesObject } from './objects';
import { unique, type Wanted } from './wanted';

/** One call of kubectl, and the kinds that its answer holds. */
export interface Read {
  readonly args: readonly string[];
  readonly kinds: readonly string[];
}

type Kind = Pick<KubernetesObject, 'apiVersion' | 'kind'>;

/** Kinds that the checks look through, whatever is to be applied. */
const LISTED: readonly Kind[] = [
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'v1', kind: 'Node' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  { apiVersion: 'v1', kind: 'ResourceQuota' },
  { apiVersion: 'v1', kind: 'LimitRange' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' },
  { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver' },
  { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' },
  { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
];

const PROMETHEUS: Kind = { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus' };

/** Whether only a CRD brings a kind; kubectl then fails where there is none, and is asked for it alone. */
const isCustom = ({ apiVersion }: Kind) =>
  groupOf(apiVersion).includes('.') && !groupOf(apiVersion).endsWith('.k8s.io');

/** A kind as kubectl takes it: `node`, `deployment.v1.apps`. */
function resource({ apiVersion, kind }: Kind): string {
  const [version, group] = apiVersion.split('/').reverse();
  return [kind.toLowerCase(), ...(group === undefined ? [] : [version, group])].join('.');
}

/** Objects of these are looked up by name, as there may be many, or may hold what is nobody's business. */
function isNamed({ kind }: KubernetesObject): boolean {
  return kind !== 'Secret' && !LISTED.some((listed) => listed.kind === kind);
}

/** The calls that read what the checks look at. The contents of Secrets are not among it. */
export function reads(wanted: Wanted): Read[] {
  const named = wanted.objects.filter(isNamed);
  const label = wanted.sidecarFiles.find(({ role }) => role === 'datasources')?.label.key;
  const byNamespace = (objects: readonly KubernetesObject[]) =>
    unique(objects.map(({ metadata }) => metadata.namespace)).map((namespace) =>
      objects.filter(({ metadata }) => metadata.namespace === namespace),
    );
  const builtIn = byNamespace(named.filter((object) => !isCustom(object)));
  const custom = unique(named.filter(isCustom).map(resource)).flatMap((name) =>
    byNamespace(named.filter((object) => resource(object) === name)),
  );
  return [
    read(['get', LISTED.map(resource).join(','), '--all-namespaces'], LISTED),
    read(['get', resource(PROMETHEUS), '--all-namespaces'], [PROMETHEUS]),
    ...[...builtIn, ...custom].map(readNamed),
    ...(label === undefined
      ? []
      : [
          read(
            ['get', 'configmap', '--all-namespaces', '-l', label],
            [{ apiVersion: 'v1', kind: 'ConfigMap' }],
          ),
        ]),
  ];
}

function read(args: readonly string[], kinds: readonly Kind[]): Read {
  return { args: [...args, '-o', 'json'], kinds: unique(kinds.map(({ kind }) => kind)) };
}

function readNamed(objects: readonly KubernetesObject[]): Read {
  const namespace = objects[0]?.metadata.namespace;
  const names = objects.map((object) => `${resource(object)}/${object.metadata.name}`);
  const where = namespace === undefined ? [] : ['-n', namespace];
  return read(['get', ...names, ...where, '--ignore-not-found'], objects);
}

/** The call that tells which of our Secrets exist: names and labels, never what is in them. */
export function secretReads(wanted: Wanted): Read[] {
  return wanted.kind('Secret').map(({ metadata }) => ({
    args: [
      ...['get', 'secret', metadata.name, '-n', metadata.namespace ?? 'default', '--ignore-not-found', '-o'],
      String.raw`jsonpath={.metadata.namespace} {.metadata.name} {.metadata.labels.app\.kubernetes\.io/part-of}`,
    ],
    kinds: ['Secret'],
  }));
}

/** What {@link secretReads} printed, as objects. */
export function secretsOf(text: string): KubernetesObject[] {
  const [namespace, name, partOf] = text.trim().split(' ');
  if (name === undefined) return [];
  const labels: Record<string, string> = partOf === undefined ? {} : { 'app.kubernetes.io/part-of': partOf };
  return [{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name, labels } }];
}

/** The command that writes an export, for somebody who has kubectl and nothing else. */
export function exportCommand(wanted: Wanted, file: string): string {
  const calls = reads(wanted).map(({ args }) => `  kubectl ${args.join(' ')}`);
  return `{\n${calls.join('\n')}\n} > ${file}`;
}
