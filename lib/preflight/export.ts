import type { KubernetesObject } from '../kubernetes/object';
import { readKubectlJson } from '../kubernetes/read-manifests';
import { Cluster } from './cluster';

/** Thrown when a file is not an export of a cluster; the message has the cure. */
export class ExportError extends Error {}

/**
 * The cluster of an export.
 *
 * @param file Name of the file, for messages.
 * @throws ExportError when it is none, or when the command that wrote it failed in the main part.
 */
export function clusterOf(file: string, text: string): Cluster {
  const again = 'write it again: npm run -s preflight -- --export-command';
  let objects: KubernetesObject[];
  try {
    objects = readKubectlJson(text);
  } catch (error) {
    throw new ExportError(
      `${file} is not what kubectl get -o json writes (${(error as Error).message}); ${again}`,
    );
  }
  if (!objects.some(({ kind }) => kind === 'Namespace'))
    throw new ExportError(`${file} holds no Namespace, as every cluster does: kubectl failed; ${again}`);
  // An export has no Secrets, not even their names.
  return new Cluster(objects, new Map([['Secret', 'an export holds none']]));
}
