/** A number of bytes as a values file takes it, rounded up where it is no round number. */
export function sizeText(bytes: number): string {
  // Eighths of a GiB end after three digits; other parts of one would be long, or cut to no whole number of bytes.
  if (bytes >= 2 ** 30 && bytes % 2 ** 27 === 0) return `${bytes / 2 ** 30}Gi`;
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}
