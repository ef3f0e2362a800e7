/** Thrown for manifests that cannot be read. The message is one line with the location and the fix. */
export class ManifestError extends Error {}
