import * as z from 'zod';
import type { ValuesSource } from './source';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

/** A schema as JSON Schema, generated once. */
function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const made = jsonSchemas.get(schema) ?? z.toJSONSchema(schema, { io: 'input' });
  jsonSchemas.set(schema, made);
  return made;
}

/** The schemas of the map at a path: its own and those of its alternatives. */
export function sectionsAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  source: ValuesSource,
): JsonSchema[] {
  const whole = jsonSchemaOf(schema);
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
export function chosen(sections: readonly JsonSchema[], written: unknown): JsonSchema[] {
  return sections.filter((section) => {
    const [key, only, byDefault] = tagOf(section) ?? [];
    if (key === undefined) return true;
    const value = (written as Record<string, unknown> | undefined)?.[key] ?? byDefault;
    return value === only;
  });
}

/** The key whose constant identifies an alternative, the constant, and the default. */
export function tagOf({
  properties = {},
}: JsonSchema): [key: string, value: unknown, byDefault: unknown] | undefined {
  for (const [key, property] of Object.entries(properties)) {
    const { const: value, default: byDefault } = property as JsonSchema;
    if (value !== undefined) return [key, value, byDefault];
  }
  return undefined;
}

/** The alternatives of a map that is missing, for a message: ` with type irsa, pod-identity or secret`. */
export function alternativesOf(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  source: ValuesSource,
): string {
  const tags = sectionsAt(schema, path, source).flatMap((section) => {
    const tag = tagOf(section);
    return tag === undefined ? [] : [tag];
  });
  const [first] = tags;
  if (first === undefined) return '';
  const values = tags.map(([, value]) => String(value));
  return ` with ${first[0]} ${[values.slice(0, -1).join(', '), values.at(-1)].filter(Boolean).join(' or ')}`;
}

export function keys({ properties = {} }: JsonSchema): string[] {
  return Object.keys(properties);
}

/**
 * Paths of inherited keys that do not apply to the alternative that a file chooses, such as the keys of
 * `ingress.controller: alb` under `controller: nginx`. Choosing a different alternative than the base omits them.
 */
export function inheritedLeftovers(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  source: ValuesSource,
): PropertyKey[][] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [];
    const sections = sectionsAt(schema, issue.path, source);
    const [tag] = sections.flatMap((section) => tagOf(section) ?? []);
    const choice = source.depthOf([...issue.path, String(tag)]);
    return issue.keys
      .filter((key) => sections.some((section) => keys(section).includes(key)))
      .map((key) => [...issue.path, key])
      .filter((path) => choice !== undefined && choice < (source.depthOf(path) ?? 0));
  });
}
