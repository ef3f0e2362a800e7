import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { readAdditions } from '../lib/additions';
import { gitOpsFiles } from '../lib/gitops/files';
import { stackSettings } from '../lib/settings';
import { synthesize } from '../lib/synthesize';
import { readClusters } from '../lib/values/read-clusters';

const ROOT = join(__dirname, '..');

/** Content of every file below a folder, by path. */
function files(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return Object.fromEntries(
    found
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  );
}

test('dist/ is what a fresh synth renders; if not, run `npx cdk8s synth` and commit dist/', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'dist-'));
  try {
    const clusters = readClusters(join(ROOT, 'values'), stackSettings);
    const settings = clusters.map((cluster) => cluster.settings);
    synthesize(clusters, readAdditions(ROOT, settings), outdir);
    const [fresh, committed] = [files(outdir), files(join(ROOT, 'dist'))];

    expect({ hint: 'run `npx cdk8s synth` and commit dist/', files: committed }).toEqual({
      hint: 'run `npx cdk8s synth` and commit dist/',
      files: fresh,
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

test('gitops/ is what a fresh synth renders; if not, run `npx cdk8s synth` and commit gitops/', () => {
  const names = readClusters(join(ROOT, 'values'), stackSettings).map(({ name }) => name);
  const fresh = gitOpsFiles(join(ROOT, 'gitops'), names) ?? {};
  const committed = Object.fromEntries(
    Object.keys(fresh).map((controller) => [controller, files(join(ROOT, 'gitops', controller))]),
  );

  expect(committed).toEqual(fresh);
});
