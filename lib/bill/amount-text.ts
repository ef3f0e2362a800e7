import type { Resource } from './bill';

/** An amount as a values file takes it, rounded up where it is no round number. */
export function amountText(resource: Resource, amount: number): string {
  if (resource === 'pods' || amount === 0) return String(amount);
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
  // Eighths of a GiB end after three digits; other parts of one are no whole number of bytes, which a size has to be.
  return amount >= 2 ** 30 && amount % 2 ** 27 === 0
    ? `${amount / 2 ** 30}Gi`
    : `${Math.ceil(amount / 2 ** 20)}Mi`;
}
