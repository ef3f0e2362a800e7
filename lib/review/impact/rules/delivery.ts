import { kubectlName, type Rule } from './rule';

const SYNC_OPTIONS = 'https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/';

/** Prefixes of annotations by which delivery tools are told how to apply an object. */
const TOOLS =
  /^(?:argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io|helm\.toolkit\.fluxcd\.io|helm\.sh|config\.kubernetes\.io)\//;

/** What annotations of delivery tools say when they keep an object from being deleted. */
const KEEPS = /Prune=(?:false|confirm)|Delete=(?:false|confirm)|^disabled$|^keep$/;

/** Rules about how objects are delivered, of whatever type they are. */
export const DELIVERY_RULES: readonly Rule[] = [
  {
    id: 'delivery-annotation',
    types: 'any',
    paths: ['metadata.annotations.*', 'metadata.labels.*'],
    when: ({ keys }) => TOOLS.test(keys.at(-1) ?? ''),
    effect: 'live',
    says: 'tells Argo CD, Flux or Helm to apply it in another way',
    reason:
      'Annotations of delivery tools decide in which order they apply an object, and whether they delete it.',
    source: SYNC_OPTIONS,
  },
];

/** Rules about what keeps data from being deleted; they count beside other rules. */
export const PROTECTION_RULES: readonly Rule[] = [
  {
    id: 'protection-gone',
    types: [
      'PersistentVolumeClaim',
      'PersistentVolume',
      'Namespace',
      'apiextensions.k8s.io/CustomResourceDefinition',
    ],
    paths: ['metadata.annotations.*'],
    when: ({ keys, old, new: next }) =>
      TOOLS.test(keys.at(-1) ?? '') && KEEPS.test(String(old ?? '')) && !KEEPS.test(String(next ?? '')),
    effect: 'data-loss',
    says: 'nothing keeps it from being deleted any more',
    reason:
      'Without the annotation it is pruned when it leaves the manifests, and deleted with its application.',
    source: SYNC_OPTIONS,
    steps: ({ new: object }) => [
      'leave the annotation where it is',
      `when the data is no longer needed, delete it by hand: kubectl delete ${kubectlName(object)}`,
    ],
  },
];
