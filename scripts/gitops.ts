import { renderYaml } from '../lib/constructs/config-file';
import { argoCdFiles } from '../lib/gitops/argo-cd';
import { fluxFiles } from '../lib/gitops/flux';
import { gitOpsSettings } from '../lib/gitops/settings';
import { stackSettings } from '../lib/settings';
import { readClusters } from '../lib/values/read-clusters';
import { parseValues } from '../lib/values/read-values';
import type { GeneratedFile } from './generated-file';

const VALUES = 'gitops/values.yaml';

/**
 * What GitOps controllers are given, for every cluster with a values file.
 *
 * @param read Returns what a file holds now.
 */
export function gitOpsFiles(read: (file: string) => string): GeneratedFile[] {
  const settings = parseValues(VALUES, read(VALUES), gitOpsSettings);
  const clusters = readClusters('values', stackSettings).map(({ name }) => name);
  const files = { ...argoCdFiles(settings, clusters), ...fluxFiles(settings, clusters) };
  return Object.entries(files).map(([name, objects]) => ({
    file: `gitops/${name}`,
    content: objects.map(renderYaml).join('---\n'),
  }));
}
