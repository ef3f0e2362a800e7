import { strictestLevel, violationsOf } from '../lib/kubernetes/pod-security';
import { permissionsInWords, permissionsOf } from '../lib/kubernetes/rbac';
import { code, table } from './markdown';
import { type RenderedObject, workloadsOf } from './objects';
import { connections, routes } from './security-network';

/** Security facts from the manifests: the tables of `docs/security.md` by the name of their marks. */
export function securityTables(objects: readonly RenderedObject[]): Record<string, string> {
  const workloads = workloadsOf(objects);
  return {
    privileges: table(
      ['workload', 'user and group', 'Pod Security', 'container', 'access to the API server'],
      workloads.map((workload) => [
        name(workload),
        user(workload),
        podSecurity(workload),
        container(workload),
        rights(workload, objects),
      ]),
    ),
    storage: table(
      ['workload', 'path', 'source', 'access'],
      workloads.flatMap((workload) => mounts(workload, objects)),
    ),
    incoming: table(['workload', 'port', 'from'], connections(objects, 'Ingress')),
    outgoing: table(['workload', 'port', 'to'], connections(objects, 'Egress')),
    routes: table(['host', 'paths'], routes(objects)),
  };
}

const name = ({ kind, metadata }: RenderedObject) => `${kind} ${code(metadata.name)}`;
const specOf = (workload: RenderedObject) => workload.spec.template.spec;
const contexts = (workload: RenderedObject) =>
  specOf(workload).containers.map((one: RenderedObject) => ({
    ...specOf(workload).securityContext,
    ...one.securityContext,
  }));

function user(workload: RenderedObject): string {
  return contexts(workload)
    .map(({ runAsUser, runAsGroup }: RenderedObject) => `${runAsUser}:${runAsGroup}`)
    .join(', ');
}

/** The strictest level that allows the pod, and what the next stricter level rejects. */
function podSecurity(workload: RenderedObject): string {
  const violations = violationsOf(workload.spec.template);
  const level = strictestLevel(violations);
  return level === 'restricted' ? level : `${level}: ${violations.map(({ what }) => what).join(', ')}`;
}

function container(workload: RenderedObject): string {
  const facts = contexts(workload).map((context: RenderedObject) =>
    [
      context.readOnlyRootFilesystem ? 'read-only root file system' : 'writable root file system',
      context.capabilities?.drop?.includes('ALL') ? 'no capabilities' : 'capabilities',
    ].join(', '),
  );
  return [...new Set(facts)].join('; ');
}

/** Permissions of the pod's token; none if the pod has no token. */
function rights(workload: RenderedObject, objects: readonly RenderedObject[]): string {
  const { serviceAccountName, automountServiceAccountToken } = specOf(workload);
  const account = objects.find(
    ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === serviceAccountName,
  );
  if (!(automountServiceAccountToken ?? account.automountServiceAccountToken)) return 'none: it has no token';
  const permissions = objects
    .filter(
      ({ kind, subjects }) =>
        kind === 'ClusterRoleBinding' &&
        subjects.some((subject: RenderedObject) => subject.name === serviceAccountName),
    )
    .flatMap(({ roleRef }) =>
      objects.filter(({ kind, metadata }) => kind === roleRef.kind && metadata.name === roleRef.name),
    )
    .flatMap(permissionsOf);
  return permissionsInWords(permissions).join('; ');
}

function mounts(workload: RenderedObject, objects: readonly RenderedObject[]): string[][] {
  const { containers, volumes } = specOf(workload);
  return containers.flatMap(({ volumeMounts }: RenderedObject) =>
    volumeMounts.map((mount: RenderedObject) => {
      const volume = volumes.find((one: RenderedObject) => one.name === mount.name);
      return [
        name(workload),
        code(mount.mountPath),
        source(volume, objects),
        mount.readOnly ? 'read' : 'read, write',
      ];
    }),
  );
}

function source(volume: RenderedObject, objects: readonly RenderedObject[]): string {
  const { configMap, persistentVolumeClaim, hostPath } = volume;
  if (configMap) return `ConfigMap ${code(configMap.name)}`;
  if (hostPath) return `${code(hostPath.path)} of the node`;
  if (!persistentVolumeClaim) return 'emptyDir, deleted with the pod';
  const { claimName } = persistentVolumeClaim;
  const claim = objects.find(
    ({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.name === claimName,
  );
  return `PersistentVolumeClaim ${code(claimName)}, ${claim.spec.resources.requests.storage}`;
}
