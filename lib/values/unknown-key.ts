import type { z } from 'zod';
import { chosen, keys, sectionsAt, tagOf } from './alternatives';
import { dotted, type ValuesSource } from './source';
import { nearest } from './suggest';
import { EXTENDS } from './values-file';

/** What is wrong with an unknown key, and the fix. */
export function whyUnknown(
  key: string,
  schema: z.ZodType,
  path: readonly PropertyKey[],
  source: ValuesSource,
): string {
  const sections = sectionsAt(schema, path, source);
  const here = chosen(sections, source.valueAt(path));
  const accepted = [...(path.length === 0 ? [EXTENDS] : []), ...new Set(here.flatMap(keys))];
  const candidate = nearest(key, accepted);
  if (candidate !== undefined) return `is not a setting; did you mean "${candidate}"?`;

  const elsewhere = sections.filter((section) => keys(section).includes(key));
  const [only] = here.filter((section) => tagOf(section) !== undefined);
  if (elsewhere.length === 0 || only === undefined)
    return `is not a setting; ${path.length === 0 ? 'the file' : dotted(path)} accepts ${accepted.join(', ')}`;
  const [tag = '', value] = tagOf(only) ?? [];
  const others = sections.filter((section) => section !== only && tagOf(section) !== undefined);
  const own = keys(only).filter((one) => others.some((other) => !keys(other).includes(one)));
  const values = elsewhere.map((section) => tagOf(section)?.[1]).join(' or ');
  return (
    `applies only to ${dotted([...path, tag])} ${values}, not to ${value}; remove it` +
    (own.length === 0 ? '' : `, or use ${own.join(', ')}`)
  );
}
