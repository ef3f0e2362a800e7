import { type core, z } from 'zod';
import { stackSettings } from '../../lib/settings';

type JsonSchema = core.JSONSchema.BaseSchema;

/** Dotted paths of every setting that has a value of its own, read from the schema. */
export function settingPaths(
  node: JsonSchema = z.toJSONSchema(stackSettings, { io: 'input' }),
  path: string[] = [],
): string[] {
  const children = [node, ...((node.oneOf ?? []) as JsonSchema[])].flatMap((one) =>
    Object.entries(one.properties ?? {}),
  );
  if (children.length === 0) return [path.join('.')];
  return [...new Set(children.flatMap(([key, child]) => settingPaths(child as JsonSchema, [...path, key])))];
}

/** A copy of plain data without what stands at a path; undefined where nothing does. */
export function without(data: object, path: string): object | undefined {
  const copy = structuredClone(data);
  const keys = path.split('.');
  const last = keys.pop() as string;
  let section = copy as Record<string, unknown> | undefined;
  for (const key of keys) section = section?.[key] as Record<string, unknown> | undefined;
  if (section === undefined || !(last in section)) return undefined;
  delete section[last];
  return copy;
}
