import { existsSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { compareClusters } from './diff/objects';
import { judge } from './impact/judge';
import { type ManifestFile, readFolder } from './manifests/files';
import { ReviewError } from './manifests/problem';
import { type ParsedTexts, readClusters } from './manifests/read';
import { findRevision, mergeBase, type Revision, readRevision } from './manifests/revision';
import type { Review } from './report/review';

/** What to compare, as a person asks for it. */
export interface ReviewProps {
  /** A folder or a revision of git; the merge base with the main branch by default. */
  readonly base?: string;
  /** A folder or a revision of git; `folder` in the working tree by default. */
  readonly head?: string;
  /** The folder that is looked for in a revision. */
  readonly folder: string;
  /** Whether folders in the folder belong to the same cluster. */
  readonly recursive: boolean;
  /** The day of the review, as `2026-11-24`. */
  readonly today: string;
}

/**
 * Compares two folders of manifests, and judges what applying the new one does.
 *
 * @throws ReviewError for what cannot be read.
 */
export function review({ base, head, folder, recursive, today }: ReviewProps): Review {
  const [before, after] = [readSide(base ?? mergeBase(), folder), readSide(head ?? folder, folder)];
  const parsed: ParsedTexts = new Map();
  const [old, next] = [before, after].map(({ files }) => readClusters(files, { recursive, parsed }));
  const count = (clusters: typeof old) =>
    [...(clusters?.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
  return {
    base: before.label,
    head: after.label,
    reviews: compareClusters(old ?? new Map(), next ?? new Map()).map((cluster) => judge(cluster, today)),
    objects: { base: count(old), head: count(next) },
  };
}

function readSide(side: string | Revision, folder: string): { label: string; files: ManifestFile[] } {
  if (typeof side !== 'string') return { label: side.label, files: readRevision(side, relativeTo(folder)) };
  if (isFolder(side)) return { label: side, files: readFolder(side) };
  if (existsSync(side)) throw new ReviewError(`${side}: is a file; name the folder that it is in`);
  const revision = findRevision(side);
  if (revision === undefined)
    throw new ReviewError(`${side}: there is no such folder, and git knows no such revision`);
  return { label: revision.label, files: readRevision(revision, relativeTo(folder)) };
}

/** Git takes paths below the working directory. */
function relativeTo(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path === '' ? '.' : path;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
