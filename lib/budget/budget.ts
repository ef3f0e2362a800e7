import { amountText } from './amount-text';
import { type Amounts, type Bill, RESOURCES } from './bill';
import type { BudgetSettings } from './settings';

/** A budget that a bill exceeds: where, and the end of the sentence "<setting> must be …". */
export interface Excess {
  /** The settings that it comes of, as dotted paths; the first is the budget. */
  readonly settings: readonly [string, ...string[]];
  readonly message: string;
}

/** Each budget that a bill exceeds, with its three largest items. */
export function excesses(bill: Bill, budget: BudgetSettings): Excess[] {
  const limits = budgetAmounts(budget);
  return RESOURCES.filter((resource) => bill.total[resource] > limits[resource]).map((resource) => {
    const largest = [...bill.items]
      .sort((a, b) => b[resource] - a[resource])
      .slice(0, 3)
      .filter((item) => item[resource] > 0)
      .map((item) => `${item.object} ${amountText(resource, item[resource])}`);
    const [wanted, allowed] = [bill.total, limits].map((amounts) => amountText(resource, amounts[resource]));
    return {
      settings: [`budget.${resource}`, 'cluster.nodes'],
      message:
        `must be at least ${wanted}, which is what the stack requests, not ${allowed}; ` +
        `raise it, or lower the largest: ${largest.join(', ')}`,
    };
  });
}

/** The budget in the units of a bill. */
export function budgetAmounts({ cpu, memory, storage, pods }: BudgetSettings): Amounts {
  return { cpu: Math.round(cpu.value * 1000), memory: memory.value, storage: storage.value, pods };
}
