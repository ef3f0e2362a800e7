import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { sharedHostProblems } from './access/shared-hosts';
import { type Additions, NO_ADDITIONS } from './additions';
import { excesses } from './budget/budget';
import { CLUSTER_FILE, clusterFile } from './cluster/cluster-file';
import { sharedNameProblems } from './cluster/shared-names';
import { manifestYaml } from './constructs/yaml-writer';
import type { KubernetesObject } from './kubernetes/object';
import { type ResourceRequests, requestsOf } from './kubernetes/requests';
import type { Settings } from './settings';
import { defineStack } from './stack';
import { type Problem, ValuesError } from './values/problem';
import type { ClusterValues } from './values/read-clusters';

/** A cluster whose manifests have been written. */
export interface Synthesized extends ClusterValues<Settings> {
  /** Resource requests of its manifests. */
  readonly requests: ResourceRequests;
  readonly policies: readonly KubernetesObject[];
}

/**
 * Writes the manifests of every cluster to a new folder: `default` to the folder
 * itself, because `kubectl apply -f` ignores subfolders, and every other cluster
 * to a subfolder with its name.
 *
 * @throws ValuesError with every exceeded budget, and every name and host name that two clusters share; the folder is then
 *   incomplete.
 */
export function synthesize(
  clusters: readonly ClusterValues<Settings>[],
  additions: Additions,
  outdir: string,
): Synthesized[] {
  const problems: Problem[] = [...sharedNameProblems(clusters), ...sharedHostProblems(clusters)];
  // One at a time, because keeping the constructs of many clusters in memory takes a third more time.
  const synthesized = clusters.map((cluster) => {
    const { name, source, settings } = cluster;
    const files = manifestFiles(settings, additions);
    const objects = files.flatMap((file) => file.objects);
    const requests = requestsOf(objects, { nodes: settings.cluster.nodes });
    for (const excess of excesses(requests, settings.budget))
      problems.push(source.contradiction(excess.settings, excess.message));
    const result = { ...cluster, requests, policies: objects.filter(({ kind }) => kind === 'NetworkPolicy') };
    if (problems.length > 0) return result;

    const folder = name === 'default' ? outdir : join(outdir, name);
    mkdirSync(folder, { recursive: true });
    for (const { fileName, objects } of files)
      writeFileSync(join(folder, fileName), objects.map(manifestYaml).join('---\n'));
    const tie = clusterFile(settings.cluster);
    if (tie !== undefined) writeFileSync(join(folder, CLUSTER_FILE), tie);
    return result;
  });
  if (problems.length > 0) throw new ValuesError(problems);
  return synthesized;
}

/** One file of manifests. */
interface ManifestFile {
  readonly fileName: string;
  readonly objects: readonly KubernetesObject[];
}

/** Every manifest of a cluster as plain data, one file per chart. Writes nothing. */
export function manifestFiles(settings: Settings, additions: Additions = NO_ADDITIONS): ManifestFile[] {
  const app = new App();
  defineStack(app, settings, additions);
  return app.charts.map((chart) => ({ fileName: `${chart.node.id}.k8s.yaml`, objects: chart.toJson() }));
}
