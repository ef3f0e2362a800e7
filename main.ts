import { replaceFolder } from './lib/replace-folder';
import { stackSettings } from './lib/settings';
import { synthesize } from './lib/synthesize';
import { ValuesError } from './lib/values/problem';
import { readClusters } from './lib/values/read-clusters';

/** Where `cdk8s.yaml` tells the CLI that manifests appear. */
const SCRATCH = 'cdk8s.out';

try {
  const clusters = readClusters('values', stackSettings);
  const outdir = process.env['CDK8S_OUTDIR'] ?? SCRATCH;
  synthesize(clusters, outdir);
  // `cdk8s synth --output <folder>` asks for a folder of its own; dist/ is then left alone.
  if (outdir === SCRATCH) replaceFolder('dist', outdir);
} catch (error) {
  if (!(error instanceof ValuesError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
