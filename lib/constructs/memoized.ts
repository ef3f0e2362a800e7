/**
 * Returns a function that computes the result for equal data only once. Clusters in one repository share most data.
 *
 * @param compute Depends only on its input, which is plain data.
 */
export function memoized<Input extends object, Output>(
  compute: (input: Input) => Output,
): (input: Input) => Output {
  const known = new Map<string, Output>();
  return (input) => {
    const key = JSON.stringify(input);
    const found = known.get(key);
    if (found !== undefined) return found;
    const computed = compute(input);
    known.set(key, computed);
    return computed;
  };
}
