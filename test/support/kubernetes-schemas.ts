import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import type { Manifest } from './render';

/** Releases of Kubernetes whose OpenAPI schema is at hand, as packages made from it. */
export const KUBERNETES_RELEASES = ['1.27', '1.33'] as const;
type Release = (typeof KUBERNETES_RELEASES)[number];

/** Every kind that the stack renders, by the module of its schema. */
const KINDS = [
  'v1/ConfigMap',
  'v1/PersistentVolumeClaim',
  'v1/Secret',
  'v1/Service',
  'v1/ServiceAccount',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'policy/v1/PodDisruptionBudget',
  'networking.k8s.io/v1/Ingress',
  'networking.k8s.io/v1/NetworkPolicy',
  'rbac.authorization.k8s.io/v1/ClusterRole',
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
  'storage.k8s.io/v1/StorageClass',
];

type Schemas = Record<string, new (object: Manifest) => { validate(): void }>;
const loaded = new Map<Release, Schemas>();

/** The newer packages are ES modules, which jest cannot load: one call of esbuild makes one CommonJS file of each. */
function schemas(release: Release): Schemas {
  const before = loaded.get(release);
  if (before) return before;
  const contents = KINDS.map((kind) => {
    const name = kind.split('/').at(-1);
    return `export { ${name} as '${kind}' } from 'kubernetes-models-${release}/${kind}';`;
  }).join('\n');
  const root = join(__dirname, '..', '..');
  const outfile = join(root, 'node_modules', '.cache', 'logs-and-traces', `kubernetes-${release}.cjs`);
  const stdin = { contents, resolveDir: root };
  const define = { 'import.meta.url': JSON.stringify(pathToFileURL(outfile).href) };
  buildSync({ stdin, outfile, define, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  const made = require(outfile) as Schemas;
  loaded.set(release, made);
  return made;
}

/**
 * Checks an object against the OpenAPI schema of a release: required fields, types, formats, quantities.
 * Unknown fields are the compiler's business: manifests are built of typed objects.
 */
export function schemaErrors(release: Release, object: Manifest): string[] {
  const Model = schemas(release)[`${object.apiVersion}/${object.kind}`];
  if (!Model) return [`${object.apiVersion}/${object.kind} has no schema here; add it to KINDS`];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${object.kind}/${object.metadata.name}: ${(error as Error).message}`];
  }
}
