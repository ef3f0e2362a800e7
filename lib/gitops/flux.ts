import { clusterOf, type GitOpsSettings } from './settings';

/**
 * A repository that Flux reads.
 *
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export interface GitRepository {
  readonly apiVersion: 'source.toolkit.fluxcd.io/v1';
  readonly kind: 'GitRepository';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly interval: string;
    readonly url: string;
    readonly ref: { readonly branch: string };
    readonly ignore: string;
    readonly secretRef?: { readonly name: string };
  };
}

/**
 * The folder of the repository that Flux applies.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export interface Kustomization {
  readonly apiVersion: 'kustomize.toolkit.fluxcd.io/v1';
  readonly kind: 'Kustomization';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly interval: string;
    readonly retryInterval: string;
    readonly timeout: string;
    readonly path: string;
    readonly prune: boolean;
    readonly deletionPolicy: 'Orphan';
    readonly wait: boolean;
    readonly sourceRef: { readonly kind: 'GitRepository'; readonly name: string };
  };
}

const NAME = 'logs-and-traces';

/**
 * Ignore rules in `.gitignore` format that exclude everything but the manifests of one cluster. Flux applies its
 * path recursively, and the subfolders of `dist/` are other clusters.
 */
export function ignoredBut(name: string): string {
  if (name === 'default') return ['/*', '!/dist', '/dist/*/'].join('\n');
  const folders = name.split('/').map((_, index, parts) => ['/dist', ...parts.slice(0, index + 1)].join('/'));
  const lines = ['/*', '!/dist', '/dist/*', ...folders.flatMap((folder) => [`!${folder}`, `${folder}/*`])];
  // The last folder is that of the cluster: only the folders in it are other clusters.
  lines.splice(-1, 1, `/dist/${name}/*/`);
  return lines.join('\n');
}

/** The objects with which Flux applies one values file to its own cluster. */
export function fluxObjects(settings: GitOpsSettings, name: string): readonly [GitRepository, Kustomization] {
  const { repository, flux } = settings;
  const metadata = { name: NAME, namespace: flux.namespace };
  return [
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata,
      spec: {
        interval: '1m',
        url: repository.url,
        ref: { branch: clusterOf(settings, name).revision },
        ignore: ignoredBut(name),
        ...(flux.secretName === undefined ? {} : { secretRef: { name: flux.secretName } }),
      },
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata,
      spec: {
        interval: '10m',
        retryInterval: '1m',
        // Loki may replay its write-ahead log for minutes before it is ready.
        timeout: '10m',
        path: name === 'default' ? './dist' : `./dist/${name}`,
        prune: true,
        // Deleting this object, or Flux, deletes nothing else.
        deletionPolicy: 'Orphan',
        wait: true,
        sourceRef: { kind: 'GitRepository', name: NAME },
      },
    },
  ];
}

/**
 * Files of `gitops/flux/`, by name.
 *
 * @param clusters Names of the values files.
 */
export function fluxFiles(
  settings: GitOpsSettings,
  clusters: readonly string[],
): Record<string, readonly object[]> {
  return Object.fromEntries(clusters.map((name) => [`${name}.yaml`, fluxObjects(settings, name)]));
}
