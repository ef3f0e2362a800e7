/**
 * Returns a function that computes the result for equal arguments only once. Clusters in one repository share most data,
 * and many settings are the same field.
 *
 * @param compute Depends only on its arguments, which are plain data.
 */
export function memoized<Args extends readonly unknown[], Output>(
  compute: (...args: Args) => Output,
): (...args: Args) => Output {
  const known = new Map<string, Output>();
  return (...args) => {
    const key = JSON.stringify(args);
    const found = known.get(key);
    if (found !== undefined) return found;
    const computed = compute(...args);
    known.set(key, computed);
    return computed;
  };
}
