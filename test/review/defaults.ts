import type { FieldDefault } from '../../lib/review/rules/defaults';
import type { Manifest } from '../support/render';
import { OBJECTS } from './objects';
import type { Pair } from './pairs';

/** For each field of a row, an object that leaves the field out, and one that spells the default out. */
export function defaultPairs({ types, paths, value }: FieldDefault): Pair[] {
  return types.flatMap((type) =>
    paths.flatMap((path): Pair[] => {
      const [without, spelt] = [OBJECTS[type]?.(), OBJECTS[type]?.()].map((object) =>
        JSON.parse(JSON.stringify(object ?? null)),
      );
      if (
        !edit(spelt, path.split('.'), (section, key) => {
          section[key] = value;
        })
      )
        return [];
      edit(without, path.split('.'), (section, key) => {
        delete section[key];
      });
      return [{ what: `${type} ${path}`, old: without, new: spelt }];
    }),
  );
}

/** Finds the section of a field, and edits the field; false where the object has no entry to edit. */
function edit(
  object: Manifest,
  keys: readonly string[],
  change: (section: Manifest, key: string) => void,
): boolean {
  let section = object;
  for (const key of keys.slice(0, -1)) {
    if (SECTIONS.includes(key) && section[key] === undefined) section[key] = {};
    section = key === '*' ? section[0] : section[key];
    if (section === undefined) return false;
  }
  change(section, keys.at(-1) ?? '');
  return true;
}

/** Sections that an object may have left out as a whole. */
const SECTIONS = ['strategy', 'updateStrategy', 'rollingUpdate', 'persistentVolumeClaimRetentionPolicy'];
