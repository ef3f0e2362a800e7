import type { ParsedTexts } from '../../lib/kubernetes/read-manifests';
import { assess, type ClusterReview } from '../../lib/review/assess';
import { compareClusters } from '../../lib/review/diff/objects';
import type { ReviewFinding } from '../../lib/review/finding';
import { readClusters } from '../../lib/review/review';
import { REVIEW_RULES } from '../../scripts/review-rules';
import type { Manifest } from '../support/render';

export const TODAY = '2026-11-24';

/** Objects that were read before. */
const parsed: ParsedTexts = new Map();

/** The manifests of one cluster, as a file has them. */
function read(objects: readonly Manifest[]) {
  const text = objects.map((one) => `${JSON.stringify(one)}\n`).join('---\n');
  return readClusters([{ path: 'x.yaml', label: 'x.yaml', text }], { parsed });
}

/** What a review says of the change from some objects to others, in one cluster. */
export function reviewOf(old: readonly Manifest[], next: readonly Manifest[]): ClusterReview | undefined {
  const [cluster] = compareClusters(read(old).sets, read(next).sets);
  return cluster === undefined ? undefined : assess(cluster, { ...REVIEW_RULES, today: TODAY });
}

/** The findings of {@link reviewOf}. */
export function findingsOf(old: readonly Manifest[], next: readonly Manifest[]): readonly ReviewFinding[] {
  return reviewOf(old, next)?.findings ?? [];
}
