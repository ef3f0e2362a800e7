import type { Chart } from 'cdk8s';
import type { Additions } from '../lib/additions';
import { isRolling } from '../lib/kubernetes/kinds';
import type { Settings } from '../lib/settings';
import { manifestFiles } from '../lib/synthesize';

/** A rendered Kubernetes object as plain data. */
export type RenderedObject = ReturnType<Chart['toJson']>[number];

/** Every object of a cluster; writes nothing. */
export function objectsOf(settings: Settings, additions?: Additions): RenderedObject[] {
  return manifestFiles(settings, additions).flatMap(({ objects }) => objects);
}

/** The objects that keep pods running. */
export function workloadsOf(objects: readonly RenderedObject[]): RenderedObject[] {
  return objects.filter(isRolling);
}
