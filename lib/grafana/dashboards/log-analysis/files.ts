/** Matcher of the files of the namespaces that are chosen: `<folder>/<namespace>_<pod>_<uid>/<container>/0.log`. */
export const FILES = 'path=~`.*/(${namespace:regex})_[^/]+/.+`';

/**
 * Metrics of files with the namespace and pod whose files they are, in the place of Promtail's. Loki would have to
 * read every line to tell as much, and returns no more than loki.limits.maxQuerySeries of them.
 */
export function ofPods(metrics: string): string {
  const file = '.*/([^_/]+)_([^_/]+)_[^/]+/[^/]+/[^/]+';
  const named = `label_replace(${metrics}, "namespace", "$1", "path", "${file}")`;
  return `label_replace(${named}, "pod", "$2", "path", "${file}")`;
}
