import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderYaml } from '../constructs/config-file';
import { replaceFolder } from '../files/replace-folder';
import { ValuesError } from '../values/problem';
import { readValues } from '../values/read-values';
import { argoCdFiles } from './argo-cd';
import { fluxFiles } from './flux';
import { gitOpsSettings, isPlaceholder } from './settings';

/** Contents of the files in each controller's folder, by file name. */
export type GitOpsFiles = Readonly<Record<'argo-cd' | 'flux', Readonly<Record<string, string>>>>;

/**
 * The objects of GitOps controllers, for every cluster with a values file; undefined without `gitops/values.yaml`,
 * and while that names the placeholder of a new clone as the repository.
 *
 * @param folder Path of `gitops/`.
 * @param clusters Names of the values files.
 * @throws ValuesError with every mistake in `gitops/values.yaml`.
 */
export function gitOpsFiles(folder: string, clusters: readonly string[]): GitOpsFiles | undefined {
  const file = join(folder, 'values.yaml');
  if (!existsSync(file)) return undefined;
  const { settings, source } = readValues(file, gitOpsSettings);
  const unknown = Object.keys(settings.clusters).filter((name) => !clusters.includes(name));
  if (unknown.length > 0)
    throw new ValuesError(
      unknown.map((name) =>
        source.problemAtKey(
          ['clusters', name],
          `clusters.${name} has no values file; there are ${clusters.join(', ')}`,
        ),
      ),
    );
  if (isPlaceholder(settings)) return undefined;
  return {
    'argo-cd': rendered(argoCdFiles(settings, clusters)),
    flux: rendered(fluxFiles(settings, clusters)),
  };
}

function rendered(files: Record<string, readonly object[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, objects]) => [name, objects.map(renderYaml).join('---\n')]),
  );
}

/** Replaces the controllers' folders in `gitops/`, so that a removed cluster leaves no files behind. */
export function writeGitOpsFiles(folder: string, controllers: GitOpsFiles): void {
  for (const [controller, files] of Object.entries(controllers))
    replaceFolder(join(folder, controller), (path) => {
      mkdirSync(path);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
    });
}
