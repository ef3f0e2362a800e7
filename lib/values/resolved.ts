import { parse } from 'yaml';
import type { core, z } from 'zod';
import { Duration } from '../kubernetes/duration';
import { Quantity } from '../kubernetes/quantity';
import { chosen, sectionsAt } from './alternatives';
import type { ReadValues } from './read-values';
import { dotted } from './source';

/** A setting of a cluster, in the format of a values file. */
export interface ResolvedValue {
  /** Dotted path. */
  readonly path: string;
  readonly value: string;
  /** `file:line:column`, `default`, or `derived` from other settings. */
  readonly origin: string;
}

/** Every setting of a cluster, with its value and the origin of the value. */
export function resolvedValues<S extends z.ZodType>(
  { settings, source }: ReadValues<z.output<S>>,
  schema: S,
): ResolvedValue[] {
  const below = (path: readonly string[], value: unknown, byDefault: unknown): ResolvedValue[] => {
    const properties = chosen(sectionsAt(schema, path, source), value).flatMap((section) =>
      Object.entries((section.properties ?? {}) as Record<string, core.JSONSchema.BaseSchema>),
    );
    if (properties.length > 0 && value !== undefined)
      return properties.flatMap(([key, property]) => {
        // For some values, settings contain only the derived result.
        const child = (value as Record<string, unknown>)[key] ?? source.valueAt([...path, key]) ?? undefined;
        const byDefault = property.default ?? property.const;
        return child === undefined && byDefault === undefined ? [] : below([...path, key], child, byDefault);
      });
    const shown = text(value);
    const unset = shown === text(byDefault ?? undefined) ? 'default' : 'derived';
    return [{ path: dotted(path), value: shown, origin: source.placeOf(path) ?? unset }];
  };
  return below([], settings, undefined);
}

/** A value as single-line YAML. */
function text(value: unknown): string {
  if (value === undefined || value instanceof Quantity) return String(value ?? null);
  if (value instanceof Duration) return value.written;
  if (typeof value === 'string' && /^[\w./-]+$/.test(value) && parse(value) === value) return value;
  return JSON.stringify(value, (_, item) => {
    if (item instanceof Duration) return item.written;
    return item instanceof Quantity ? String(item) : item;
  });
}
