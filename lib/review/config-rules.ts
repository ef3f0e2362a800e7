import { at } from '../kubernetes/json';
import type { ConfigRule, ConfigVersions } from './component-review';
import { canonical } from './diff/canonical';
import type { Effect } from './finding';
import { higher, lower, size } from './rule';

/** A row of a table of rules about keys of a config. */
export function key(
  effect: Effect,
  id: string,
  paths: readonly string[],
  more: Pick<ConfigRule, 'when' | 'text' | 'outage'> = {},
): ConfigRule {
  return { effect, id, paths, ...more };
}

/** Keys that limit ingestion. A lower limit has its own effect; a higher one needs more space. */
export function limit(effect: Effect, id: string, paths: readonly string[]): ConfigRule[] {
  return [
    key(effect, `${id}-lower`, paths, { when: lower }),
    key('capacity', `${id}-higher`, paths, { when: higher, text: 'limit-higher' }),
  ];
}

/** A number or duration of retries, where 0 means no end. */
export function retries(id: string, paths: readonly string[], byDefault: string): ConfigRule[] {
  const end = (value: unknown) => size(value ?? byDefault) || Number.POSITIVE_INFINITY;
  return [
    key('data-loss', `${id}-end`, paths, { when: ({ old, new: next }) => end(next) < end(old) }),
    key('live', `${id}-longer`, paths, { text: 'retries-longer' }),
  ];
}

/** A switch that protects data. Disabling it loses data; enabling it does not. */
export function protection(id: string, paths: readonly string[], byDefault: boolean): ConfigRule[] {
  return [
    key('data-loss', `${id}-off`, paths, {
      when: ({ old, new: next }) => (old ?? byDefault) === true && (next ?? byDefault) === false,
    }),
    key('live', `${id}-on`, paths, { text: 'protection-on' }),
  ];
}

/** The maps among several that differ. */
export function changedSections({ old, new: next }: ConfigVersions, paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const keys = path.split('.');
    return canonical('', at(old, ...keys) ?? null) !== canonical('', at(next, ...keys) ?? null);
  });
}
