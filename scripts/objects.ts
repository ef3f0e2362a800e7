import { App, type Chart } from 'cdk8s';
import type { ExtraDashboard } from '../lib/grafana/extra-dashboard';
import { isRolling } from '../lib/kubernetes/kinds';
import type { Settings } from '../lib/settings';
import { defineStack } from '../lib/stack';

/** A Kubernetes object as it was rendered: plain data. */
export type RenderedObject = ReturnType<Chart['toJson']>[number];

/** Every object of a cluster; nothing is written. */
export function objectsOf(
  settings: Settings,
  extraDashboards: readonly ExtraDashboard[] = [],
): RenderedObject[] {
  const app = new App();
  defineStack(app, settings, extraDashboards);
  return app.charts.flatMap((chart) => chart.toJson());
}

/** The objects that keep pods running. */
export function workloadsOf(objects: readonly RenderedObject[]): RenderedObject[] {
  return objects.filter(isRolling);
}
