import { formatAmount, RESOURCES } from '../../kubernetes/format-amount';
import { type Amounts, requestsOf, requestsResources, totalOf } from '../../kubernetes/requests';
import type { ClusterReview } from '../assess';
import type { ClusterChange, ManifestSet } from '../diff/objects';

/** Requests of a cluster: the total of pods that run once, and what DaemonSets add per node. */
export interface ClusterRequests extends Amounts {
  readonly perNode: Omit<Amounts, 'storage'>;
}

/** Requests before and after; undefined if they are equal. Jobs count, because they need capacity while they run. */
export function requestsOfChange({ old, new: next, objects }: ClusterChange) {
  if (!objects.some((object) => requestsResources(object.type === 'deleted' ? object.old : object.new)))
    return undefined;
  const requests = { old: requestsOfSet(old), new: requestsOfSet(next) };
  return JSON.stringify(requests.old) === JSON.stringify(requests.new) ? undefined : requests;
}

function requestsOfSet(objects: ManifestSet): ClusterRequests {
  const requesting = requestsOf(objects.values(), { nodes: 1 }).objects;
  const { storage: _, ...perNode } = totalOf(requesting.filter((one) => one.perNode));
  return { ...totalOf(requesting.filter((one) => !one.perNode)), perNode };
}

/** A table row: label, before, after, difference. */
export type RequestRow = readonly [what: string, old: string, next: string, difference: string];

const NAMES = { cpu: 'CPU', memory: 'memory', storage: 'storage', pods: 'pods' } as const;

/** Changed requests as rows. */
export function requestRows(old: ClusterRequests, next: ClusterRequests): RequestRow[] {
  const rows = [
    ...RESOURCES.map((resource) => ({ resource, suffix: '', before: old[resource], after: next[resource] })),
    ...(['cpu', 'memory', 'pods'] as const).map((resource) => ({
      resource,
      suffix: ' on each node',
      before: old.perNode[resource],
      after: next.perNode[resource],
    })),
  ];
  return rows
    .filter(({ before, after }) => before !== after)
    .map(({ resource, suffix, before, after }) => {
      const show = (amount: number) => formatAmount(resource, amount);
      const difference = `${after > before ? '+' : '-'}${show(Math.abs(after - before))}`;
      return [`${NAMES[resource]}${suffix}`, show(before), show(after), difference];
    });
}

/** Rows of changed requests, and the clusters where they change in the same way. */
export interface GroupedRequests {
  readonly folders: readonly string[];
  readonly rows: readonly RequestRow[];
}

/** Requests that change in any cluster. Equal changes of several clusters are listed once. */
export function groupRequests(reviews: readonly ClusterReview[]): GroupedRequests[] {
  const groups = new Map<string, { folders: string[]; rows: RequestRow[] }>();
  for (const { cluster } of reviews) {
    const change = requestsOfChange(cluster);
    if (change === undefined) continue;
    const rows = requestRows(change.old, change.new);
    const group = groups.get(JSON.stringify(rows)) ?? { folders: [], rows };
    group.folders.push(cluster.folder);
    groups.set(JSON.stringify(rows), group);
  }
  return [...groups.values()];
}
