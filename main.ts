import { rmSync, symlinkSync } from 'node:fs';
import { printedRequests } from './lib/budget/print';
import { readDashboards } from './lib/grafana/read-dashboards';
import { datasourceUids } from './lib/grafana/settings';
import { replaceFolder } from './lib/replace-folder';
import { stackSettings } from './lib/settings';
import { synthesize } from './lib/synthesize';
import { ValuesError } from './lib/values/problem';
import { readClusters } from './lib/values/read-clusters';

const DIST = 'dist';

/** Where `cdk8s.yaml` tells the CLI that manifests appear; it becomes a link to dist/. */
const CLI_OUTPUT = 'cdk8s.out';

try {
  const clusters = readClusters('values', stackSettings);
  const dashboards = readDashboards(
    'dashboards',
    clusters.map(({ settings }) => datasourceUids(settings.grafana)),
  );
  const output = process.env['CDK8S_OUTDIR'] ?? CLI_OUTPUT;
  if (output === CLI_OUTPUT) {
    const synthesized = replaceFolder(DIST, (path) => synthesize(clusters, dashboards, path));
    rmSync(CLI_OUTPUT, { recursive: true, force: true });
    symlinkSync(DIST, CLI_OUTPUT, 'junction');
    process.stderr.write(`${printedRequests(synthesized)}\n`);
    process.stderr.write(`dist/ is written: ${clusters.map(({ name }) => name).join(', ')}\n`);
  } else {
    // `cdk8s synth --output <folder>` asks for a folder of its own; dist/ is left alone.
    process.stderr.write(`${printedRequests(synthesize(clusters, dashboards, output))}\n`);
  }
} catch (error) {
  if (!(error instanceof ValuesError)) throw error;
  process.stderr.write(`${error.message}\n`);
  if (process.env['CDK8S_OUTDIR'] === DIST) {
    process.stderr.write(
      '`--output dist` made the CLI delete dist/ before it started; bring it back: git checkout dist\n',
    );
  }
  process.exitCode = 1;
}
