import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App } from 'cdk8s';
import { excesses } from './budget/budget';
import { CLUSTER_FILE, clusterFile } from './cluster/cluster-file';
import type { ExtraDashboard } from './grafana/extra-dashboard';
import type { KubernetesObject } from './kubernetes/object';
import { type ResourceRequests, requestsOf, requestsResources } from './kubernetes/requests';
import type { Settings } from './settings';
import { defineStack } from './stack';
import { type Problem, ValuesError } from './values/problem';
import { problemIn } from './values/problem-in';
import type { ClusterValues } from './values/read-clusters';

/** A cluster whose manifests were written. */
export interface Synthesized extends ClusterValues<Settings> {
  /** What its manifests request. */
  readonly requests: ResourceRequests;
}

/**
 * Writes the manifests of every cluster into a new folder: `default` into the
 * folder itself, as `kubectl apply -f` does not look below it, and every other
 * cluster into a folder of its name.
 *
 * @throws ValuesError with every budget that is exceeded; the folder is not complete then.
 */
export function synthesize(
  clusters: readonly ClusterValues<Settings>[],
  extraDashboards: readonly ExtraDashboard[],
  outdir: string,
): Synthesized[] {
  const problems: Problem[] = [];
  // One after the other: to hold the constructs of many clusters in memory takes a third more time.
  const synthesized = clusters.map((cluster) => {
    const { name, file, settings } = cluster;
    const folder = name === 'default' ? outdir : join(outdir, name);
    const app = new App({ outdir: folder });
    defineStack(app, settings, extraDashboards);
    const requests = requestsOfApp(app, settings);
    for (const excess of excesses(requests, settings.budget))
      problems.push(problemIn(file, excess.settings, excess.message));
    if (problems.length === 0) {
      app.synth();
      const tie = clusterFile(settings.cluster);
      if (tie !== undefined) writeFileSync(join(folder, CLUSTER_FILE), tie);
    }
    return { ...cluster, requests };
  });
  if (problems.length > 0) throw new ValuesError(problems);
  return synthesized;
}

/** What the manifests of an app request. */
export function requestsOfApp(app: App, settings: Settings): ResourceRequests {
  // Only these are turned into data a second time: most objects request nothing.
  const requesting = app.node.findAll().filter(ApiObject.isApiObject).filter(requestsResources);
  return requestsOf(
    requesting.map((object) => object.toJson() as KubernetesObject),
    { nodes: settings.cluster.nodes },
  );
}
