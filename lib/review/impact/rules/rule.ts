import type { Manifest } from '../../manifests/manifest';
import type { Effect } from '../finding';
import type { Leaf } from '../leaf';

/** Two manifests of one object. */
export interface Versions {
  readonly old: Manifest;
  readonly new: Manifest;
}

/** What a change of a field does; one row for each rule of Kubernetes. */
export interface Rule {
  readonly id: string;
  /**
   * Types of objects such as `apps/StatefulSet`; `*` for all that come with Kubernetes, outside of embedded documents;
   * `any` for custom resources, too.
   */
  readonly types: readonly string[] | '*' | 'any';
  /** Fields, as patterns. */
  readonly paths: readonly string[];
  /** Fields among them that the rule is not about. */
  readonly except?: readonly string[];
  /** What else has to be the case. */
  readonly when?: (leaf: Leaf, versions: Versions) => boolean;
  readonly effect: Effect;
  /** What happens, after the name of the object. */
  readonly says: string;
  readonly reason: string;
  readonly source: string;
  /** Whether nobody is served any more. */
  readonly outage?: boolean;
  /** How to get there safely. */
  readonly steps?: (versions: Versions) => readonly string[];
}

const KUBERNETES = 'https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg';

/** The file of Kubernetes that holds a rule which no page tells. */
export const kubernetesSource = (path: string): string => `${KUBERNETES}/${path}`;

/** A page of the documentation of Kubernetes. */
export const kubernetesDocs = (path: string): string => `https://kubernetes.io/docs/${path}`;

/** `-n monitoring`, where an object has a namespace. */
export function inNamespace({ namespace }: Manifest): string {
  return namespace === '' ? '' : ` -n ${namespace}`;
}

/** `statefulset/loki -n monitoring`, as kubectl takes it. */
export function kubectlName(object: Manifest): string {
  return `${object.kind.toLowerCase()}/${object.name}${inNamespace(object)}`;
}
