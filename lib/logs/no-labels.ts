/** Labels that users know from other agents and charts, by name pattern, with the reason why they are not available. */
const REASONS: ReadonlyArray<readonly [RegExp, (name: string) => string]> = [
  [
    /^(trace|span)_?id$/i,
    (name) => `each ${name} would be a stream of its own; it is structured metadata: | trace_id="…"`,
  ],
  [
    /^(request|session|user|customer|order|correlation)_?id$|(^|_)ip$/i,
    (name) => `each ${name} would be a stream of its own; find it in the line: |= "…"`,
  ],
  [
    /^(detected_)?(level|severity)$/i,
    () => 'it would split each stream by level; it is structured metadata: | detected_level="error"',
  ],
  [/^(pod_?u?id|uid)$/i, () => 'a pod is told apart by the label pod, which holds its name'],
  [/^(k8s_?)?cluster(_?name)?$/i, () => 'set cluster.name, which every stream then has as its label cluster'],
  [
    /^(__path__|file_?(name|path)?|path|log_?file|container_?id)$/i,
    (name) => `each restart of a container has another ${name}, and would be a stream of its own`,
  ],
];

/** The reason why a known word is not an available label. */
export function whyNoLabel(word: string): string | undefined {
  return REASONS.find(([pattern]) => pattern.test(word))?.[1](word);
}
