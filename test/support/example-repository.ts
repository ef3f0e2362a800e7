import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_ADDITIONS } from '../../lib/additions';
import { stackSettings } from '../../lib/settings';
import { synthesize } from '../../lib/synthesize';
import { readClusters } from '../../lib/values/read-clusters';
import { caseValues } from './render';

/**
 * Makes a folder with the values and manifests of the default case, as the repository of a user has them: what runs in
 * it does not depend on the values of this one.
 */
export function exampleRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'example-'));
  mkdirSync(join(root, 'values'));
  writeFileSync(join(root, 'values', 'default.yaml'), caseValues('default'));
  synthesize(readClusters(join(root, 'values'), stackSettings), NO_ADDITIONS, join(root, 'dist'));
  return root;
}
