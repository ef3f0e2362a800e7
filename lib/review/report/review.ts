import type { ClusterReview } from '../impact/judge';

/** All that a report is made of. */
export interface Review {
  /** What was compared, in words: a folder, or a revision and how it was chosen. */
  readonly base: string;
  readonly head: string;
  /** Clusters that change. */
  readonly reviews: readonly ClusterReview[];
  /** How many objects were compared. */
  readonly objects: { readonly base: number; readonly head: number };
}
