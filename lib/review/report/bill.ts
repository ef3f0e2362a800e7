import type { Bill } from '../impact/bill';
import { bytes, cores } from '../impact/units';

/** A row of the bill: what, before, after, and the difference. */
export type BillRow = readonly [what: string, old: string, next: string, difference: string];

/** The bill before and after; what stays the same is left out. */
export function billRows(old: Bill, next: Bill): BillRow[] {
  const rows: readonly (readonly [string, number, number, (value: number) => string])[] = [
    ['CPU', old.cpu, next.cpu, cores],
    ['memory', old.memory, next.memory, bytes],
    ['storage', old.storage, next.storage, bytes],
    ['pods', old.pods, next.pods, String],
    ['CPU on each node', old.perNode.cpu, next.perNode.cpu, cores],
    ['memory on each node', old.perNode.memory, next.perNode.memory, bytes],
    ['pods on each node', old.perNode.pods, next.perNode.pods, String],
  ];
  return rows
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after, show]) => {
      const sign = after > before ? '+' : '-';
      return [what, show(before), show(after), `${sign}${show(Math.abs(after - before))}`] as const;
    });
}
