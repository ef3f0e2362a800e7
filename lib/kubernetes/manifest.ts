import type { KubernetesObject } from './object';

/** An object, and where a file has it. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** `file:line` where it begins. */
  readonly place: string;
}
