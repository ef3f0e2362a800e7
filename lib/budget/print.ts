import { formatAmount, RESOURCES } from '../kubernetes/format-amount';
import type { Amounts, ResourceRequests } from '../kubernetes/requests';
import { MANY_CLUSTERS } from '../values/read-clusters';
import { budgetAmounts } from './budget';
import type { BudgetSettings } from './settings';

/** A cluster whose requests are printed next to its budget. */
export interface BudgetedCluster {
  readonly name: string;
  readonly requests: ResourceRequests;
  readonly settings: {
    readonly budget: BudgetSettings;
    readonly cluster: { readonly nodes: number };
  };
}

const HEADINGS = ['CPU', 'memory', 'storage', 'pods'];

/** The requests of all clusters, for a terminal: one table per cluster, or one line per cluster if there are many. */
export function printedRequests(clusters: readonly BudgetedCluster[]): string {
  const tables = clusters.length < MANY_CLUSTERS ? clusters.map(requestRows) : [totalRows(clusters)];
  return tables.map(aligned).join('\n');
}

/** The requests of a cluster as rows: headings, each object, the total, the budget. */
export function requestRows({ name, requests, settings }: BudgetedCluster): string[][] {
  const { nodes } = settings.cluster;
  return [
    [`${name} requests`, ...HEADINGS],
    ...requests.objects.map((one) => [
      one.perNode ? `${one.object}, ${nodes} × ${ofOnePod(one, nodes)}` : one.object,
      ...cells(one),
    ]),
    ['total', ...cells(requests.total)],
    ['budget', ...cells(budgetAmounts(settings.budget))],
  ];
}

/** The totals of many clusters as rows: headings, then each cluster. */
function totalRows(clusters: readonly BudgetedCluster[]): string[][] {
  return [
    ['requests of budget', ...HEADINGS],
    ...clusters.map(({ name, requests, settings }) => {
      const budget = cells(budgetAmounts(settings.budget));
      return [name, ...cells(requests.total).map((amount, column) => `${amount} of ${budget[column]}`)];
    }),
  ];
}

/** Rows as lines: the first column aligned left, numbers aligned right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(width(column)) : cell.padStart(width(column));
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}

function cells(amounts: Amounts): string[] {
  return RESOURCES.map((resource) => formatAmount(resource, amounts[resource]));
}

/** The requests of one pod of an object. */
function ofOnePod(object: Amounts, pods: number): string {
  return (['cpu', 'memory'] as const)
    .map((resource) => formatAmount(resource, object[resource] / pods))
    .join(' and ');
}
