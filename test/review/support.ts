import { compareClusters } from '../../lib/review/diff/objects';
import type { Finding } from '../../lib/review/impact/finding';
import { type ClusterReview, judge } from '../../lib/review/impact/judge';
import { readClusters } from '../../lib/review/manifests/read';
import type { Manifest } from '../support/render';

export const TODAY = '2026-11-24';

/** What a review says of the change from some objects to others, in one cluster. */
export function reviewOf(old: readonly Manifest[], next: readonly Manifest[]): ClusterReview | undefined {
  const read = (objects: readonly Manifest[]) =>
    readClusters([
      { path: 'x.yaml', label: 'x.yaml', text: objects.map((one) => JSON.stringify(one)).join('\n---\n') },
    ]);
  const [cluster] = compareClusters(read(old), read(next));
  return cluster === undefined ? undefined : judge(cluster, TODAY);
}

/** The findings of {@link reviewOf}. */
export function findingsOf(old: readonly Manifest[], next: readonly Manifest[]): readonly Finding[] {
  return reviewOf(old, next)?.findings ?? [];
}
