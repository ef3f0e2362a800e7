/** What a cluster reserves for a workload. */
export const RESOURCES = ['cpu', 'memory', 'storage', 'pods'] as const;

/** One of {@link RESOURCES}. */
export type Resource = (typeof RESOURCES)[number];

/** An amount the way a values file and a manifest take it. CPU is in millicores, memory and storage in bytes. */
export function formatAmount(resource: Resource, amount: number): string {
  if (resource === 'pods') return String(amount);
  return resource === 'cpu' ? formatCpu(amount) : formatBytes(amount);
}

/** CPU the way a manifest takes it: `250m`, `2`. */
export function formatCpu(millicores: number): string {
  if (Number.isNaN(millicores)) return 'unknown';
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${Math.ceil(millicores)}m`;
}

/** Bytes the way a manifest takes them: `1.5Gi`, `512Mi`; rounded up where the unit leaves a remainder. */
export function formatBytes(bytes: number): string {
  if (Number.isNaN(bytes)) return 'unknown';
  // Eighths of a GiB end after three digits; other fractions would be long, or not a whole number of bytes.
  if (bytes >= 2 ** 30 && bytes % 2 ** 27 === 0) return `${bytes / 2 ** 30}Gi`;
  if (bytes >= 2 ** 20) return `${Math.ceil(bytes / 2 ** 20)}Mi`;
  return bytes >= 2 ** 10 ? `${Math.ceil(bytes / 2 ** 10)}Ki` : String(bytes);
}
