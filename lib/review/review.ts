import { existsSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { findRevision, mergeBase, type Revision, readRevision } from '../kubernetes/git-revision';
import { ManifestError } from '../kubernetes/manifest-error';
import { type ManifestFile, readFolder } from '../kubernetes/manifest-files';
import { identity, type KubernetesObject, nameOf } from '../kubernetes/object';
import { type ParsedTexts, readManifests } from '../kubernetes/read-manifests';
import type { AssessProps, ClusterReview } from './assess';
import { assessDeployments } from './deployment';
import { compareClusters, type ManifestSet } from './diff/objects';

/** What to compare. */
export interface ReviewProps extends AssessProps {
  /** A folder or Git revision. The default is the merge base with the main branch. */
  readonly base?: string;
  /** A folder or Git revision. The default is `folder` in the working tree. */
  readonly head?: string;
  /** The folder to look for in a revision. */
  readonly folder: string;
  /** Whether subfolders belong to the same cluster. */
  readonly recursive: boolean;
}

/** Input of a report. */
export interface Review {
  /** Description of what was compared: a folder, or a revision and how it was chosen. */
  readonly base: string;
  readonly head: string;
  /** Changed clusters. */
  readonly reviews: readonly ClusterReview[];
  /** Number of objects compared. */
  readonly objects: { readonly base: number; readonly head: number };
  /** `file:line` of objects. */
  readonly places: ReadonlyMap<KubernetesObject, string>;
}

/**
 * Compares two folders of manifests and assesses the effect of applying the new one.
 *
 * @throws ManifestError for manifests that cannot be read.
 */
export function review({ base, head, folder, recursive, ...props }: ReviewProps): Review {
  const before = base === undefined ? readMergeBase(folder) : readSide(base, folder);
  const after = readSide(head ?? folder, folder);
  const parsed: ParsedTexts = new Map();
  const [old, next] = [before, after].map(({ files }) => readClusters(files, { recursive, parsed }));
  const sizes = [old, next].map((side) =>
    [...(side?.sets.values() ?? [])].reduce((sum, set) => sum + set.size, 0),
  );
  return {
    base: before.label,
    head: after.label,
    reviews: assessDeployments(compareClusters(old?.sets ?? new Map(), next?.sets ?? new Map()), props),
    objects: { base: sizes[0] ?? 0, head: sizes[1] ?? 0 },
    places: new Map([...(old?.places ?? []), ...(next?.places ?? [])]),
  };
}

/** Manifests by cluster, and the location of each object. */
interface Clusters {
  /** By the path of the manifest folder. */
  readonly sets: ReadonlyMap<string, ManifestSet>;
  readonly places: ReadonlyMap<KubernetesObject, string>;
}

/**
 * Groups the objects of files by cluster, as `kubectl apply -f <folder>` reads them.
 *
 * @param recursive Treats everything as one cluster, as `kubectl apply -R` does.
 * @throws ManifestError for invalid YAML and for two objects with the same identity.
 */
export function readClusters(
  files: readonly ManifestFile[],
  { recursive = false, parsed = new Map() }: { recursive?: boolean; parsed?: ParsedTexts } = {},
): Clusters {
  const sets = new Map<string, Map<string, KubernetesObject>>();
  const places = new Map<KubernetesObject, string>();
  for (const file of files) {
    const folder = recursive ? '.' : dirname(file.path);
    const cluster = sets.get(folder) ?? new Map<string, KubernetesObject>();
    sets.set(folder, cluster);
    for (const { object, place } of readManifests(file, parsed)) {
      const key = identity(object);
      const first = cluster.get(key);
      if (first)
        throw new ManifestError(
          `${place}: ${nameOf(object)} is already at ${places.get(first)}; one of the two would overwrite the other`,
        );
      cluster.set(key, object);
      places.set(object, place);
    }
  }
  return { sets, places };
}

interface Side {
  readonly label: string;
  readonly files: readonly ManifestFile[];
}

/** A repository whose main branch has no manifests yet gets its first ones. */
function readMergeBase(folder: string): Side {
  const revision = mergeBase();
  return revision === undefined
    ? { label: 'nothing (no commit yet)', files: [] }
    : readFrom(revision, folder, { orEmpty: true });
}

function readSide(side: string, folder: string): Side {
  if (statSync(side, { throwIfNoEntry: false })?.isDirectory())
    return { label: side, files: readFolder(side, { recursive: true }) };
  if (existsSync(side)) throw new ManifestError(`${side}: is a file; pass its folder`);
  const revision = findRevision(side);
  if (revision === undefined) throw new ManifestError(`${side}: neither a folder nor a Git revision`);
  return readFrom(revision, folder, { orEmpty: false });
}

function readFrom(revision: Revision, folder: string, { orEmpty }: { orEmpty: boolean }): Side {
  // Git expects paths relative to the working directory.
  const files = readRevision(revision, relative(process.cwd(), folder) || '.');
  if (files !== undefined) return { label: revision.label, files };
  if (orEmpty) return { label: `${revision.label} (no ${folder} there)`, files: [] };
  throw new ManifestError(
    `revision ${revision.label} has no folder ${folder}; name another revision or folder (--base, --folder)`,
  );
}
