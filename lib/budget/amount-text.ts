import { sizeText } from '../values/size-text';
import type { Resource } from './bill';

/** An amount as a values file takes it. */
export function amountText(resource: Resource, amount: number): string {
  if (resource === 'pods' || amount === 0) return String(amount);
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
  return sizeText(amount);
}
