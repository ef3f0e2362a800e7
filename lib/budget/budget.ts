import { formatAmount, RESOURCES } from '../kubernetes/format-amount';
import type { Amounts, ResourceRequests } from '../kubernetes/requests';
import type { BudgetSettings } from './settings';

/** An exceeded budget: its settings, and the end of the sentence "<setting> must be …". */
export interface Excess {
  /** The settings behind it, as dotted paths; the first is the budget. */
  readonly settings: readonly [string, ...string[]];
  readonly message: string;
}

/** Each exceeded budget, with the three objects that request the most. */
export function excesses(requests: ResourceRequests, budget: BudgetSettings): Excess[] {
  const limits = budgetAmounts(budget);
  // Requests that cannot be parsed are NaN, which exceeds every budget.
  const exceeded = RESOURCES.filter((resource) => !(requests.total[resource] <= limits[resource]));
  return exceeded.map((resource) => {
    const largest = [...requests.objects]
      .sort((a, b) => b[resource] - a[resource])
      .slice(0, 3)
      .filter((one) => one[resource] > 0)
      .map((one) => `${one.object} ${formatAmount(resource, one[resource])}`);
    const [wanted, allowed] = [requests.total, limits].map((amounts) =>
      formatAmount(resource, amounts[resource]),
    );
    return {
      settings: [`budget.${resource}`, 'cluster.nodes'],
      message:
        `must be at least ${wanted}, the total that the stack requests, not ${allowed}; raise it, or ` +
        `reduce the largest requests: ${largest.join(', ')}`,
    };
  });
}

/** The budget in the units of requests. */
export function budgetAmounts({ cpu, memory, storage, pods }: BudgetSettings): Amounts {
  return { cpu: Math.round(cpu.value * 1000), memory: memory.value, storage: storage.value, pods };
}
