import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App } from 'cdk8s';
import { BILLED_KINDS, type Bill, bill } from './budget/bill';
import { excesses } from './budget/budget';
import { CLUSTER_FILE, clusterFile } from './cluster/cluster-file';
import type { ExtraDashboard } from './grafana/extra-dashboard';
import type { Settings } from './settings';
import { defineStack } from './stack';
import { type Problem, ValuesError } from './values/problem';
import { problemIn } from './values/problem-in';
import type { Cluster } from './values/read-clusters';

/** A cluster whose manifests were written. */
export interface Synthesized extends Cluster<Settings> {
  /** What its manifests request. */
  readonly bill: Bill;
}

/**
 * Writes the manifests of every cluster into a new folder: `default` into the
 * folder itself, as `kubectl apply -f` does not look below it, and every other
 * cluster into a folder of its name.
 *
 * @throws ValuesError with every budget that is exceeded; the folder is not complete then.
 */
export function synthesize(
  clusters: readonly Cluster<Settings>[],
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
    const bill = billOf(app, settings);
    for (const excess of excesses(bill, settings.budget))
      problems.push(problemIn(file, excess.settings, excess.message));
    if (problems.length === 0) {
      app.synth();
      const tie = clusterFile(settings.cluster);
      if (tie !== undefined) writeFileSync(join(folder, CLUSTER_FILE), tie);
    }
    return { ...cluster, bill };
  });
  if (problems.length > 0) throw new ValuesError(problems);
  return synthesized;
}

/** What the manifests of an app request. */
export function billOf(app: App, settings: Settings): Bill {
  // Of the other objects, which are most of them, none is turned into data a second time for it.
  const billed = app.node
    .findAll()
    .filter(ApiObject.isApiObject)
    .filter(({ kind }) => BILLED_KINDS.includes(kind));
  return bill(
    billed.map((object) => object.toJson()),
    settings.cluster.nodes,
  );
}
