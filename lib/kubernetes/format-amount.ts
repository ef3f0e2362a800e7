/** Resources that a cluster reserves for a workload. */
export const RESOURCES = ['cpu', 'memory', 'storage', 'pods'] as const;

/** One of {@link RESOURCES}. */
export type Resource = (typeof RESOURCES)[number];

/** Formats an amount as in values files and manifests. CPU is in millicores, memory and storage in bytes. */
export function formatAmount(resource: Resource, amount: number): string {
  if (resource === 'pods') return String(amount);
  return resource === 'cpu' ? formatCpu(amount) : formatBytes(amount);
}

/** Formats CPU as in manifests: `250m`, `2`. */
export function formatCpu(millicores: number): string {
  if (Number.isNaN(millicores)) return 'unknown';
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${Math.ceil(millicores)}m`;
}

/** Formats bytes as in manifests: `1.5Gi`, `512Mi`. Rounds up if the unit leaves a remainder. */
export function formatBytes(bytes: number): string {
  if (Number.isNaN(bytes)) return 'unknown';
  // Eighths of a GiB have at most three decimals. Other fractions would be long, or not a whole number of bytes.
  if (bytes >= 2 ** 30 && bytes % 2 ** 27 === 0) return `${bytes / 2 ** 30}Gi`;
  if (bytes >= 2 ** 20) return `${Math.ceil(bytes / 2 ** 20)}Mi`;
  return bytes >= 2 ** 10 ? `${Math.ceil(bytes / 2 ** 10)}Ki` : String(bytes);
}
