import { amountText } from './amount-text';
import { type Amounts, type Bill, RESOURCES } from './bill';
import { budgetAmounts } from './budget';
import type { BudgetSettings } from './settings';

/** A cluster whose bill is shown. */
export interface Billed {
  readonly name: string;
  readonly bill: Bill;
  readonly settings: {
    readonly budget: BudgetSettings;
    readonly cluster: { readonly nodes: number };
  };
}

/** Clusters up to which each has a table of its own; more have a line each. */
const MANY = 4;

const HEADINGS = ['CPU', 'memory', 'storage', 'pods'];

/** The bills of all clusters, for a terminal. */
export function printedBills(clusters: readonly Billed[]): string {
  const tables = clusters.length < MANY ? clusters.map(billRows) : [totalRows(clusters)];
  return tables.map(aligned).join('\n');
}

/** A bill as rows: headings, each item, the sum, the budget. */
export function billRows({ name, bill, settings }: Billed): string[][] {
  const { nodes } = settings.cluster;
  return [
    [`${name} requests`, ...HEADINGS],
    ...bill.items.map((item) => [
      item.perNode ? `${item.object}, ${nodes} × ${podText(item, nodes)}` : item.object,
      ...cells(item),
    ]),
    ['in all', ...cells(bill.total)],
    ['budget', ...cells(budgetAmounts(settings.budget))],
  ];
}

/** The sums of many clusters as rows: headings, and each cluster. */
function totalRows(clusters: readonly Billed[]): string[][] {
  return [
    ['requests, of the budget', ...HEADINGS],
    ...clusters.map(({ name, bill, settings }) => {
      const budget = cells(budgetAmounts(settings.budget));
      return [name, ...cells(bill.total).map((amount, column) => `${amount} of ${budget[column]}`)];
    }),
  ];
}

/** Rows as lines: the first column to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(width(column)) : cell.padStart(width(column));
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}

function cells(amounts: Amounts): string[] {
  return RESOURCES.map((resource) => amountText(resource, amounts[resource]));
}

/** What one of the pods requests that make up an item. */
function podText(item: Amounts, pods: number): string {
  return (['cpu', 'memory'] as const)
    .map((resource) => amountText(resource, item[resource] / pods))
    .join(' and ');
}
