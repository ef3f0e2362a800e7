import type { KubernetesObject } from '../../kubernetes/object';
import { type ObjectRule, rule } from '../rule';

/** Prefixes of annotations and labels that configure delivery tools. */
const TOOLS =
  /^(?:argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io|helm\.toolkit\.fluxcd\.io|helm\.sh|config\.kubernetes\.io)\//;

/** Annotations that make a tool keep an object. */
const KEEPERS: readonly { key: string; value: RegExp; tool: string }[] = [
  { key: 'argocd.argoproj.io/sync-options', value: /(?:Prune|Delete)=(?:false|confirm)/, tool: 'Argo CD' },
  { key: 'kustomize.toolkit.fluxcd.io/prune', value: /^disabled$/i, tool: 'Flux' },
  { key: 'helm.sh/resource-policy', value: /^keep$/, tool: 'Helm' },
];

/** The tool that an annotation prevents from deleting an object. */
export function keptBy({ metadata }: KubernetesObject): string | undefined {
  return KEEPERS.find(({ key, value }) => value.test(String(metadata?.annotations?.[key] ?? '')))?.tool;
}

const WITH_DATA = ['PersistentVolumeClaim', 'apiextensions.k8s.io/CustomResourceDefinition', 'Namespace'];

/** Rules about how objects are delivered. */
export const DELIVERY_RULES: readonly ObjectRule[] = [
  rule('live', 'delivery-annotation', 'any', ['metadata.annotations.*', 'metadata.labels.*'], {
    when: ({ keys }) => TOOLS.test(keys.at(-1) ?? ''),
  }),
  rule('data-loss', 'protection-gone', WITH_DATA, ['metadata.annotations.*'], {
    beside: true,
    when: ({ keys, old }, { new: object }) =>
      KEEPERS.some(({ key, value }) => key === keys.at(-1) && value.test(String(old ?? ''))) &&
      keptBy(object) === undefined,
  }),
];
