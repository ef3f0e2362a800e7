import { CONTENT_SECTIONS, unfold } from '../../kubernetes/embedded';
import { EmbeddedDocument, type Json, mapAt } from '../../kubernetes/json';
import type {
  ConfigReview,
  ConfigRule,
  ConfigVersions,
  EffectiveChange,
  ReviewContext,
} from '../component-review';
import type { Change } from '../diff/change';
import { keysOf, matches } from '../diff/path';
import { MatchedRules } from '../fields';
import { type DraftFinding, draft } from '../finding';
import { type Leaf, leavesOf } from '../leaf';
import { applies } from '../rule';
import { listed } from '../words';
import { daemonOf } from './config-daemon';

/**
 * `"false"` for `false`: programs in Go read booleans and numbers strictly, and do not start. Sizes are the exception,
 * as most of them may be a number or a string such as `256KB`.
 */
const WRONG_TYPE: ConfigRule = {
  effect: 'restarts',
  id: 'config-type',
  paths: ['**'],
  outage: true,
  when: ({ keys, old, new: next }) =>
    typeof next === 'string' &&
    (typeof old === 'boolean' || (typeof old === 'number' && !/size$/.test(keys.at(-1) ?? ''))),
};

/** Effects of config changes, described by the components. */
export function configs(context: ReviewContext): DraftFinding[] {
  const reviews = context.components.flatMap((component) => component.configs ?? []);
  return context.changed.flatMap((object) => {
    const [old, next] = [documentsOf(object.old), documentsOf(object.new)];
    const files = new Map<string, Change[]>();
    for (const change of object.changes) {
      const [section = '', file = ''] = keysOf(change.path);
      if (CONTENT_SECTIONS.includes(section)) files.set(file, [...(files.get(file) ?? []), change]);
    }
    return [...files].flatMap(([file, changes]): DraftFinding[] => {
      const [before, after] = [old.get(file), next.get(file)];
      const review = reviews.find((one) => [after, before].some((data) => data && one.matches(data)));
      if (review && before && after)
        return documentFindings(context, object, { review, changes, before, after });
      if (review?.anyFile)
        return [
          draft(review.anyFile.effect, review.anyFile.rule, object.new, { detail: `: ${file}`, changes }),
        ];
      // Other added or removed files belong to a program without rules.
      return object.refused
        ? []
        : [draft('unknown', 'unknown-content', object.new, { detail: `: ${file}`, changes })];
    });
  });
}

interface ChangedDocument {
  readonly review: ConfigReview;
  readonly changes: readonly Change[];
  readonly before: Json;
  readonly after: Json;
}

function documentFindings(
  context: ReviewContext,
  object: EffectiveChange,
  { review, changes, before, after }: ChangedDocument,
): DraftFinding[] {
  const versions: ConfigVersions = {
    old: before,
    new: after,
    today: context.today,
    ...daemonOf(context, object),
  };
  const leaves = changes.flatMap((change) =>
    leavesOf(change).map((leaf): DocumentLeaf => ({ change, leaf: { ...leaf, keys: leaf.keys.slice(2) } })),
  );
  const broken = leaves.some(({ leaf }) => applies(WRONG_TYPE, leaf, versions));
  // If the daemon rejects a config, nothing else in it takes effect.
  const below = (paths: readonly string[]) =>
    leaves.filter(({ leaf }) => paths.some((path) => within(path, leaf.keys)));
  const conclusions = (broken ? [] : (review.findings?.(versions) ?? [])).map(({ paths, whole, ...rest }) => {
    const behind = below(paths);
    return {
      behind,
      whole: below(whole ?? []),
      finding: { ...rest, object: object.new, changes: changesOf(behind) },
    };
  });
  const explained = new Set(conclusions.flatMap(({ behind }) => behind));
  const matched = new MatchedRules<ConfigVersions>();
  const unknown: DocumentLeaf[] = [];
  const whole = new Set(conclusions.flatMap((one) => one.whole));
  for (const one of leaves.filter((leaf) => !whole.has(leaf))) {
    const rule = [WRONG_TYPE, ...review.rules].find((each) => applies(each, one.leaf, versions));
    if (rule) matched.add(rule, one.change);
    else if (!explained.has(one)) unknown.push(one);
  }
  const keys = [...new Set(unknown.map(({ leaf }) => leaf.keys.join('.')))];
  const says = `no rule covers these keys of ${review.title}: ${listed(keys)}`;
  return [
    ...conclusions.map(({ finding }) => finding),
    ...matched.findings(object.new),
    ...(unknown.length > 0
      ? [draft('unknown', 'unknown-key', object.new, { says, changes: changesOf(unknown) })]
      : []),
  ];
}

interface DocumentLeaf {
  readonly change: Change;
  /** With keys from the root of the document. */
  readonly leaf: Leaf;
}

function changesOf(leaves: readonly DocumentLeaf[]): Change[] {
  return [...new Set(leaves.map(({ change }) => change))];
}

/** Whether keys match a pattern or are below it. */
function within(pattern: string, keys: readonly string[]): boolean {
  return matches(pattern.endsWith('**') ? pattern : `${pattern}.**`, keys);
}

function documentsOf(object: EffectiveChange['new']): Map<string, Json> {
  const content = unfold(object);
  const files = ['data', 'stringData'].flatMap((section) => Object.entries(mapAt(content, section)));
  return new Map(
    files.flatMap(([name, value]) => (value instanceof EmbeddedDocument ? [[name, value.data]] : [])),
  );
}
