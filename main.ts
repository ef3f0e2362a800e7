import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { type Additions, readAdditions } from './lib/additions';
import { printedRequests } from './lib/budget/print';
import { errorLine } from './lib/error-line';
import { withLock } from './lib/files/lock';
import { replaceFolder } from './lib/files/replace-folder';
import { gitOpsFiles, writeGitOpsFiles } from './lib/gitops/files';
import { printedDatasources } from './lib/grafana/print';
import { printedAgents } from './lib/logs/print';
import { printedLogAlerts } from './lib/loki/print';
import { printedAccess } from './lib/network-policies/print';
import { stackSettings } from './lib/settings';
import { type Synthesized, synthesize } from './lib/synthesize';
import { print } from './lib/terminal';
import { readClusters } from './lib/values/read-clusters';

const DIST = 'dist';
const GITOPS = 'gitops';

/** The output folder in `cdk8s.yaml`; the app replaces it with a link to dist/. */
const CLI_OUTPUT = 'cdk8s.out';

/** Resource requests of the manifests, the access that they allow, what to check in Grafana, and what has no effect. */
const summary = (clusters: readonly Synthesized[], { logAlerts }: Additions) =>
  [
    printedRequests(clusters),
    printedAccess(clusters),
    printedDatasources(clusters),
    printedAgents(clusters),
    printedLogAlerts(clusters, logAlerts),
  ]
    .filter((text) => text !== '')
    .join('\n');

try {
  const clusters = readClusters('values', stackSettings);
  const names = clusters.map(({ name }) => name);
  const additions = readAdditions(
    '.',
    clusters.map(({ settings }) => settings),
  );
  const gitOps = gitOpsFiles(GITOPS, names);
  const output = process.env['CDK8S_OUTDIR'] ?? CLI_OUTPUT;
  if (output === CLI_OUTPUT) {
    const synthesized = withLock(`${DIST}.lock`, () => {
      const written = replaceFolder(DIST, (path) => synthesize(clusters, additions, path));
      if (gitOps) writeGitOpsFiles(GITOPS, gitOps);
      rmSync(CLI_OUTPUT, { recursive: true, force: true });
      symlinkSync(DIST, CLI_OUTPUT, 'junction');
      return written;
    });
    print(process.stderr, `${summary(synthesized, additions)}\n`);
    if (gitOps === undefined && existsSync(`${GITOPS}/values.yaml`))
      print(process.stderr, `${GITOPS}/ is not written: set repository.url in ${GITOPS}/values.yaml\n`);
    print(process.stderr, `dist/ is written: ${names.join(', ')}\n`);
  } else {
    // `cdk8s synth --output <folder>` writes only to that folder; dist/ and gitops/ stay unchanged.
    print(process.stderr, `${summary(synthesize(clusters, additions, output), additions)}\n`);
  }
} catch (error) {
  print(process.stderr, `${errorLine(error)}\n`);
  if (process.env['CDK8S_OUTDIR'] === DIST) {
    print(
      process.stderr,
      '`--output dist` made the CLI delete dist/ before it started; restore it: git checkout dist\n',
    );
  }
  process.exitCode = 1;
}
