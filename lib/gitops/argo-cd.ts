import type { GitOpsSettings } from './settings';

/**
 * An Application of Argo CD, as far as it is used here.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
 */
export interface Application {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Application';
  readonly metadata: { readonly name: string; readonly namespace: string; readonly annotations: Annotations };
  readonly spec: ApplicationSpec;
}

type Annotations = Readonly<Record<string, string>>;

interface ApplicationSpec {
  readonly project: string;
  readonly source: {
    readonly repoURL: string;
    readonly targetRevision: string;
    readonly path: string;
    readonly directory: { readonly recurse: false };
  };
  readonly destination: { readonly server: string } | { readonly name: string };
  readonly syncPolicy: {
    readonly automated: { readonly prune: boolean; readonly selfHeal: boolean };
    readonly syncOptions: readonly string[];
    readonly retry: {
      readonly limit: number;
      readonly backoff: { readonly duration: string; readonly factor: number; readonly maxDuration: string };
    };
  };
}

/**
 * Applications of a pattern, one for each folder that a generator finds.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/
 */
export interface ApplicationSet {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'ApplicationSet';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly goTemplate: true;
    readonly goTemplateOptions: readonly string[];
    readonly generators: ReadonlyArray<{
      readonly git: {
        readonly repoURL: string;
        readonly revision: string;
        readonly directories: ReadonlyArray<{ readonly path: string }>;
      };
    }>;
    readonly syncPolicy: { readonly preserveResourcesOnDeletion: true };
    readonly template: {
      readonly metadata: { readonly name: string; readonly annotations: Annotations };
      readonly spec: ApplicationSpec;
    };
  };
}

const NAME = 'logs-and-traces';

/** The API server itself says what differs, so that what it fills in is no drift. */
const ANNOTATIONS: Annotations = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' };

const SYNC_OPTIONS = [
  // A dashboard is too large for the annotation of a client-side apply.
  'ServerSideApply=true',
  // An object that another Application has is a mistake, not ours to take.
  'FailOnSharedResource=true',
  // What is renamed comes up before the old one goes.
  'PruneLast=true',
  // The namespace is kube-prometheus-stack's.
  'CreateNamespace=false',
];

/** The cluster that Argo CD runs in, from `dist/` itself. It has no finalizer: deleting it deletes nothing else. */
export function application(settings: GitOpsSettings): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: NAME, namespace: settings.argoCd.namespace, annotations: ANNOTATIONS },
    spec: specOf(settings, 'dist', { server: 'https://kubernetes.default.svc' }),
  };
}

/** Every further cluster, from `dist/<name>/`; Argo CD has to know it by that name. */
export function applicationSet(settings: GitOpsSettings): ApplicationSet {
  const { repository, argoCd } = settings;
  const { url: repoURL, revision } = repository;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: NAME, namespace: argoCd.namespace },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [{ git: { repoURL, revision, directories: [{ path: 'dist/*' }] } }],
      // A values file that is removed takes its folder along, and must not take a cluster's logs.
      syncPolicy: { preserveResourcesOnDeletion: true },
      template: {
        metadata: { name: `${NAME}-{{ .path.basename }}`, annotations: ANNOTATIONS },
        spec: specOf(settings, '{{ .path.path }}', { name: '{{ .path.basename }}' }),
      },
    },
  };
}

function specOf(
  { repository, argoCd }: GitOpsSettings,
  path: string,
  destination: ApplicationSpec['destination'],
): ApplicationSpec {
  return {
    project: argoCd.project,
    source: {
      repoURL: repository.url,
      targetRevision: repository.revision,
      path,
      // Folders below are other clusters.
      directory: { recurse: false },
    },
    destination,
    syncPolicy: {
      automated: { prune: true, selfHeal: true },
      syncOptions: SYNC_OPTIONS,
      retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
    },
  };
}

/**
 * Files of `gitops/argo-cd/`, by name.
 *
 * @param clusters Names of the values files.
 */
export function argoCdFiles(
  settings: GitOpsSettings,
  clusters: readonly string[],
): Record<string, readonly object[]> {
  return {
    ...(clusters.includes('default') ? { 'application.yaml': [application(settings)] } : {}),
    'application-set.yaml': [applicationSet(settings)],
  };
}
