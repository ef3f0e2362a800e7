import { isDeepStrictEqual } from 'node:util';
import type { ClusterReview } from '../assess';
import { EFFECTS, type Effect, type ReviewFinding } from '../finding';
import { type ShownChange, showChange } from './values';

/** A finding and the clusters that it applies to. Most changes apply to many clusters. */
export interface GroupedFinding {
  readonly finding: ReviewFinding;
  readonly changes: readonly ShownChange[];
  /** Folders of the clusters. */
  readonly clusters: readonly string[];
}

/** Findings of all clusters, the worst first. A common finding is listed once. */
export function groupFindings(reviews: readonly ClusterReview[]): GroupedFinding[] {
  const groups = new Map<string, { finding: ReviewFinding; changes: ShownChange[]; clusters: string[] }>();
  for (const { cluster, findings } of reviews) {
    for (const finding of findings) {
      const changes = finding.changes.map((change) => showChange(change, finding.object));
      const key = keyOf(finding, changes.map(withoutDigests));
      const group = groups.get(key) ?? { finding, changes, clusters: [] };
      group.clusters.push(cluster.folder);
      groups.set(key, group);
      if (!isDeepStrictEqual(group.changes, changes)) group.changes = changes.map(withoutDigests);
    }
  }
  return [...groups.values()];
}

/** A checksum of a config. It changes in every cluster, even if the configs differ otherwise. */
const DIGEST = /^[0-9a-f]{32,128}$/;

function withoutDigests(change: ShownChange): ShownChange {
  const isDigest = (value: unknown) => typeof value === 'string' && DIGEST.test(value);
  if (change.type !== 'changed' || !isDigest(change.old) || !isDigest(change.new)) return change;
  return { ...change, old: 'one checksum in each cluster', new: 'another checksum in each cluster' };
}

/** The clusters of a finding, in words. */
export function inClusters(folders: readonly string[], max = folders.length): string {
  const more = folders.length - max;
  const names = `${folders.slice(0, max).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return folders.length === 1 ? `in ${names}` : `in ${folders.length} clusters: ${names}`;
}

/** Findings by effect. */
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
