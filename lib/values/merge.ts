/**
 * Merges the values of one file over those of the files that it extends. Maps are merged key by key. Lists and scalars,
 * including `null`, are replaced.
 *
 * @param layers Most specific first.
 */
export function merged(layers: readonly unknown[]): unknown {
  return layers.reduceRight((base, over) => (isMap(base) && isMap(over) ? mergedMaps(base, over) : over));
}

type Data = Readonly<Record<string, unknown>>;

function mergedMaps(base: Data, over: Data): Data {
  const both = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over))
    both.set(key, both.has(key) ? merged([value, both.get(key)]) : value);
  return Object.fromEntries(both);
}

function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
