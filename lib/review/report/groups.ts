import type { ClusterReview } from '../assess';
import { EFFECTS, type Effect, type ReviewFinding } from '../finding';
import { type ShownChange, showChange } from './values';

/** A finding, and the clusters that it is true of: most changes are made to many clusters at once. */
export interface GroupedFinding {
  readonly finding: ReviewFinding;
  readonly changes: readonly ShownChange[];
  /** Folders of the clusters. */
  readonly clusters: readonly string[];
}

/** Findings of all clusters, the worst first; what is the same in several is there once. */
export function groupFindings(reviews: readonly ClusterReview[]): GroupedFinding[] {
  const groups = new Map<string, { finding: ReviewFinding; changes: ShownChange[]; clusters: string[] }>();
  for (const { cluster, findings } of reviews) {
    for (const finding of findings) {
      const changes = finding.changes.map((change) => showChange(change, finding.object));
      const key = keyOf(finding, changes);
      const group = groups.get(key) ?? { finding, changes, clusters: [] };
      group.clusters.push(cluster.folder);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** Findings of each effect that there is. */
export function byEffect(groups: readonly GroupedFinding[]): [Effect, GroupedFinding[]][] {
  return EFFECTS.map((effect): [Effect, GroupedFinding[]] => [
    effect,
    groups.filter(({ finding }) => finding.effect === effect),
  ]).filter(([, some]) => some.length > 0);
}

function keyOf(
  { effect, rule, title, reason, steps }: ReviewFinding,
  changes: readonly ShownChange[],
): string {
  return JSON.stringify([effect, rule, title, reason, steps, changes], (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}
