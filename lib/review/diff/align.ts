/** A pair of indexes into two lists. */
export type IndexPair = readonly [old: number, new: number];

/** Above this number of comparisons, entries are paired by position, which is exact but harder to read. */
const MAX_COMPARISONS = 4_000_000;

/**
 * Pairs entries of two lists without crossing: first as many equal entries as possible, then similar ones between
 * them, so that a changed entry is not reported as removed and added.
 *
 * @param exact Keys of equal entries.
 * @param alike Keys of similar entries.
 */
export function align(
  exact: { old: readonly string[]; new: readonly string[] },
  alike: { old: readonly string[]; new: readonly string[] },
): IndexPair[] {
  const equal = common(exact.old, exact.new);
  const pairs: IndexPair[] = [];
  let [fromOld, fromNew] = [0, 0];
  for (const [old, next] of [...equal, [exact.old.length, exact.new.length] as const]) {
    const gap = common(alike.old.slice(fromOld, old), alike.new.slice(fromNew, next));
    pairs.push(...gap.map(([a, b]) => [a + fromOld, b + fromNew] as const));
    if (old < exact.old.length) pairs.push([old, next]);
    [fromOld, fromNew] = [old + 1, next + 1];
  }
  return pairs;
}

/** A longest common subsequence, as pairs of indexes. */
function common(a: readonly string[], b: readonly string[]): IndexPair[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const pairs: IndexPair[] = Array.from({ length: start }, (_, index) => [index, index] as const);
  pairs.push(
    ...middle(a.slice(start, endA), b.slice(start, endB)).map(([i, j]) => [i + start, j + start] as const),
  );
  for (let i = 0; endA + i < a.length; i++) pairs.push([endA + i, endB + i]);
  return pairs;
}

function middle(a: readonly string[], b: readonly string[]): IndexPair[] {
  if (a.length * b.length > MAX_COMPARISONS)
    return a.flatMap((text, index) => (text === b[index] ? [[index, index] as const] : []));
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const length = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
  const pairs: IndexPair[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (length(i + 1, j) >= length(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
