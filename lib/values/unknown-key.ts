import { type core, z } from 'zod';
import { dotted, type ValuesSource } from './source';
import { nearest } from './suggest';

type JsonSchema = core.JSONSchema.BaseSchema;

/** What is wrong with an unknown key, and the fix. */
export function whyUnknown(
  key: string,
  schema: z.ZodType,
  path: readonly PropertyKey[],
  source: ValuesSource,
): string {
  const sections = sectionsAt(schema, path, source);
  const here = chosen(sections, source.valueAt(path));
  const candidate = nearest(key, here.flatMap(keys));
  if (candidate !== undefined) return `is not a setting; did you mean "${candidate}"?`;

  const elsewhere = sections.filter((section) => keys(section).includes(key));
  const [only] = here.filter((section) => tagOf(section) !== undefined);
  if (elsewhere.length === 0 || only === undefined)
    return `is not a setting; ${path.length === 0 ? 'the file' : dotted(path)} accepts ${[...new Set(here.flatMap(keys))].join(', ')}`;
  const [tag = '', value] = tagOf(only) ?? [];
  const others = sections.filter((section) => section !== only && tagOf(section) !== undefined);
  const own = keys(only).filter((one) => others.some((other) => !keys(other).includes(one)));
  const values = elsewhere.map((section) => tagOf(section)?.[1]).join(' or ');
  return (
    `applies only to ${dotted([...path, tag])} ${values}, not to ${value}; remove it` +
    (own.length === 0 ? '' : `, or use ${own.join(', ')}`)
  );
}

/** The schemas of the map at a path: its own, and those of its alternatives. */
function sectionsAt(schema: z.ZodType, path: readonly PropertyKey[], source: ValuesSource): JsonSchema[] {
  const whole = z.toJSONSchema(schema, { io: 'input' });
  const resolved = (section: JsonSchema) =>
    (section.$ref ? whole.$defs?.[section.$ref.split('/').at(-1) ?? ''] : section) ?? section;
  let sections = withAlternatives([whole]);
  for (const [depth, key] of path.entries()) {
    const below = chosen(sections, source.valueAt(path.slice(0, depth))).flatMap((section) => {
      const one = typeof key === 'number' ? section.items : section.properties?.[String(key)];
      return one && typeof one === 'object' && !Array.isArray(one) ? [one] : [];
    });
    sections = withAlternatives(below.map(resolved)).map(resolved);
  }
  return sections;
}

function withAlternatives(sections: readonly JsonSchema[]): JsonSchema[] {
  return sections.flatMap((section) => [
    section,
    ...((section.anyOf ?? section.oneOf ?? []) as JsonSchema[]),
  ]);
}

/** The schemas without the alternatives that the file did not choose. */
function chosen(sections: readonly JsonSchema[], written: unknown): JsonSchema[] {
  return sections.filter((section) => {
    const [key, only, byDefault] = tagOf(section) ?? [];
    if (key === undefined) return true;
    const value = (written as Record<string, unknown> | undefined)?.[key] ?? byDefault;
    return value === only;
  });
}

/** The key whose constant identifies an alternative, that constant, and the default. */
function tagOf({
  properties = {},
}: JsonSchema): [key: string, value: unknown, byDefault: unknown] | undefined {
  for (const [key, property] of Object.entries(properties)) {
    const { const: value, default: byDefault } = property as JsonSchema;
    if (value !== undefined) return [key, value, byDefault];
  }
  return undefined;
}

function keys({ properties = {} }: JsonSchema): string[] {
  return Object.keys(properties);
}
