/** Whether data spans several lines, with one line or more per entry. */
export function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => one !== undefined);
}

/** The anchor of each object that occurs again. */
export type Anchors = Map<object, { readonly name: string; written: boolean }>;

/** Characters from which on an object is not written twice; a shorter one is easier to read where it stands. */
const SHORT = 200;

/** Like {@link SHORT}, for an entry of a list. A name says what it does, and an entry that differs stands out. */
const SHORT_ENTRY = 50;

/** The last word in an entry of a list with several keys, such as the label that it makes. */
function wordIn(entry: object): string | undefined {
  if (Array.isArray(entry) || Object.keys(entry).length < 2) return undefined;
  const words = Object.values(entry).map((one) =>
    typeof one === 'string' ? /^_*([a-z][a-z_]*?)_*$/.exec(one)?.[1] : undefined,
  );
  return words.findLast((word) => word !== undefined);
}

/** The anchors of equal objects: of values of several keys, named after the keys, and of entries of lists, after a word in them. */
export function anchorsOf(data: object): Anchors {
  const places = new Map<string, { readonly key: string; readonly objects: object[] }>();
  const visit = (value: unknown, key: string | undefined) => {
    if (!isCollection(value)) return;
    const text = JSON.stringify(value);
    if (text.length < (key === undefined ? SHORT_ENTRY : SHORT)) return;
    const name = key === undefined ? wordIn(value) : /^[a-z_]+$/.exec(key)?.[0];
    if (name !== undefined) {
      const known = places.get(text);
      if (known !== undefined) return void known.objects.push(value);
      places.set(text, { key: name, objects: [value] });
    }
    for (const [one, inside] of Object.entries(value)) visit(inside, Array.isArray(value) ? undefined : one);
  };
  visit(data, '');
  const anchors: Anchors = new Map();
  const used = new Map<string, number>();
  for (const { key, objects } of [...places.values()].filter((one) => one.objects.length > 1)) {
    const count = (used.get(key) ?? 0) + 1;
    used.set(key, count);
    const anchor = { name: count === 1 ? key : `${key}${count}`, written: false };
    for (const one of objects) anchors.set(one, anchor);
  }
  return anchors;
}
