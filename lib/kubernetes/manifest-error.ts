/** Thrown for manifests that cannot be read; the message is one line with the place and the fix. */
export class ManifestError extends Error {}
