import type { Chart } from 'cdk8s';
import type { ExtraDashboard } from '../lib/grafana/extra-dashboard';
import { isRolling } from '../lib/kubernetes/kinds';
import type { Settings } from '../lib/settings';
import { manifestFiles } from '../lib/synthesize';

/** A rendered Kubernetes object as plain data. */
export type RenderedObject = ReturnType<Chart['toJson']>[number];

/** Every object of a cluster. Writes nothing. */
export function objectsOf(
  settings: Settings,
  extraDashboards: readonly ExtraDashboard[] = [],
): RenderedObject[] {
  return manifestFiles(settings, extraDashboards).flatMap(({ objects }) => objects);
}

/** The objects that keep pods running. */
export function workloadsOf(objects: readonly RenderedObject[]): RenderedObject[] {
  return objects.filter(isRolling);
}
