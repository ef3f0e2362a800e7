import { join } from 'node:path';
import { App } from 'cdk8s';
import type { ExtraDashboard } from './grafana/extra-dashboard';
import type { Settings } from './settings';
import { defineStack } from './stack';
import type { Cluster } from './values/read-clusters';

/**
 * Writes the manifests of every cluster into a new folder: `default` into the
 * folder itself, as `kubectl apply -f` does not look below it, and every other
 * cluster into a folder of its name.
 */
export function synthesize(
  clusters: readonly Cluster<Settings>[],
  extraDashboards: readonly ExtraDashboard[],
  outdir: string,
): void {
  for (const { name, settings } of clusters) {
    const app = new App({ outdir: name === 'default' ? outdir : join(outdir, name) });
    defineStack(app, settings, extraDashboards);
    app.synth();
  }
}
