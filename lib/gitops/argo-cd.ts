import { flatName } from '../values/read-clusters';
import { clusterOf, type GitOpsSettings } from './settings';

/**
 * The parts of an Argo CD Application that are used here.
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
  readonly destination: { readonly server?: string; readonly name?: string };
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
 * An ApplicationSet: one Application from a template for each element of a list.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-List/
 */
export interface ApplicationSet {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'ApplicationSet';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly goTemplate: true;
    readonly goTemplateOptions: readonly string[];
    readonly generators: ReadonlyArray<{ readonly list: { readonly elements: readonly Element[] } }>;
    readonly syncPolicy: { readonly preserveResourcesOnDeletion: true };
    readonly strategy?: RollingSync;
    readonly template: {
      readonly metadata: {
        readonly name: string;
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Annotations;
      };
      readonly spec: ApplicationSpec;
    };
  };
}

/**
 * Syncs the Applications of a step once those of earlier steps are healthy.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Progressive-Syncs/
 */
interface RollingSync {
  readonly type: 'RollingSync';
  readonly rollingSync: {
    readonly steps: ReadonlyArray<{
      readonly matchExpressions: ReadonlyArray<{
        readonly key: string;
        readonly operator: 'In';
        readonly values: readonly string[];
      }>;
    }>;
  };
}

/** What the template of an ApplicationSet reads. */
interface Element {
  /** Name of the cluster in Argo CD. */
  readonly cluster: string;
  readonly path: string;
  readonly revision: string;
  readonly wave: string;
  /** Argo CD takes a destination by one of the two; the other is empty. */
  readonly destinationName: string;
  readonly destinationServer: string;
}

const NAME = 'logs-and-traces';

/** Label of an Application by which its wave is known. */
const WAVE_LABEL = 'logs-and-traces/wave';

/** The API server computes the difference, so that the defaults it sets do not count as drift. */
const ANNOTATIONS: Annotations = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' };

const SYNC_OPTIONS = [
  // A dashboard is too large for the annotation of a client-side apply.
  'ServerSideApply=true',
  // An object that another Application manages is a mistake, so do not take it over.
  'FailOnSharedResource=true',
  // A renamed object is created before the old one is deleted.
  'PruneLast=true',
  // The namespace belongs to kube-prometheus-stack.
  'CreateNamespace=false',
];

/** The cluster that Argo CD runs in, from `dist/`. Without a finalizer, deleting the Application deletes nothing else. */
export function application(settings: GitOpsSettings): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: NAME, namespace: settings.argoCd.namespace, annotations: ANNOTATIONS },
    spec: specOf(settings, {
      path: 'dist',
      revision: clusterOf(settings, 'default').revision,
      destination: { server: 'https://kubernetes.default.svc' },
    }),
  };
}

/**
 * Every other cluster, from `dist/<name>/`. The cluster must have the same name in Argo CD, with `-` for `/`.
 *
 * @param clusters Names of the values files.
 */
export function applicationSet(settings: GitOpsSettings, clusters: readonly string[]): ApplicationSet {
  const { argoCd } = settings;
  const elements = clusters.filter((name) => name !== 'default').map((name) => element(settings, name));
  const waves = [...new Set(elements.map(({ wave }) => wave))].sort((a, b) => Number(a) - Number(b));
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: NAME, namespace: argoCd.namespace },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      // A list, not a search for folders: synth knows the clusters, and a folder of a region is not one.
      generators: [{ list: { elements } }],
      // Removing a values file removes its folder, but must not delete the logs of its cluster.
      syncPolicy: { preserveResourcesOnDeletion: true },
      ...(waves.length > 1 ? { strategy: rollingSync(waves) } : {}),
      template: {
        metadata: {
          name: `${NAME}-{{ .cluster }}`,
          labels: { [WAVE_LABEL]: '{{ .wave }}' },
          annotations: ANNOTATIONS,
        },
        spec: specOf(settings, {
          path: '{{ .path }}',
          revision: '{{ .revision }}',
          destination: { name: '{{ .destinationName }}', server: '{{ .destinationServer }}' },
        }),
      },
    },
  };
}

function element(settings: GitOpsSettings, name: string): Element {
  const { revision, wave, server } = clusterOf(settings, name);
  return {
    cluster: flatName(name),
    path: `dist/${name}`,
    revision,
    wave: String(wave),
    destinationName: server === undefined ? flatName(name) : '',
    destinationServer: server ?? '',
  };
}

function rollingSync(waves: readonly string[]): RollingSync {
  const steps = waves.map((wave) => ({
    matchExpressions: [{ key: WAVE_LABEL, operator: 'In' as const, values: [wave] }],
  }));
  return { type: 'RollingSync', rollingSync: { steps } };
}

function specOf(
  { repository, argoCd }: GitOpsSettings,
  {
    path,
    revision,
    destination,
  }: Pick<ApplicationSpec, 'destination'> & { readonly path: string; readonly revision: string },
): ApplicationSpec {
  return {
    project: argoCd.project,
    source: {
      repoURL: repository.url,
      targetRevision: revision,
      path,
      // Subfolders are other clusters.
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
    'application-set.yaml': [applicationSet(settings, clusters)],
  };
}
