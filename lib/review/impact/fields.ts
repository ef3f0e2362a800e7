import type { Change } from '../diff/change';
import type { ObjectChange } from '../diff/objects';
import { formatPath } from '../diff/path';
import { unfold } from '../manifests/embedded';
import type { Json } from '../manifests/json';
import { type Manifest, nameOf } from '../manifests/manifest';
import type { Finding } from './finding';
import { leavesOf } from './leaf';
import { kubernetesDocs, type Rule, type Versions } from './rules/rule';
import { furtherRulesFor, isBuiltIn, rulesFor } from './rules/rules';
import { counted } from './words';

/** What rules say of the fields of one object: one finding for each rule, with all changes that it is about. */
export function fieldFindings({
  old,
  new: next,
  changes,
}: Extract<ObjectChange, { type: 'changed' }>): Finding[] {
  const versions = { old, new: next };
  const byRule = new Map<Rule, Set<Change>>();
  for (const change of changes) {
    const rules = leavesOf(change).map((leaf) => rulesFor(leaf, versions));
    // A change has no effect only when none of its values has one.
    const idle = rules.every(([rule]) => rule?.effect === 'none');
    for (const rule of rules.flat()) {
      if (rule.effect === 'none' && !idle) continue;
      byRule.set(rule, (byRule.get(rule) ?? new Set()).add(change));
    }
  }
  const rewritten = changes.filter(({ type }) => type === 'rewritten');
  return [
    ...[...byRule].map(([rule, some]) => ruleFinding(rule, versions, [...some])),
    ...(rewritten.length > 0 ? [isRewritten(next, rewritten)] : []),
  ];
}

/** What rules say of a new object: who may come in is a matter of new objects, too. */
export function newObjectFindings(object: Manifest): Finding[] {
  const versions = { old: { ...object, content: {} }, new: object };
  const leaves = leavesOf({ type: 'added', path: [], new: unfold(object) });
  const rules = leaves.flatMap((leaf) => furtherRulesFor(leaf, versions));
  return [...new Set(rules)]
    .filter(({ effect }) => effect !== 'capacity')
    .map((rule) => ruleFinding(rule, versions, []));
}

/** Changes that no rule is about: of a kind that comes with Kubernetes they are live, of any other nobody can say. */
export function remainingFinding(object: Manifest, changes: readonly Change[], isRefused: boolean): Finding {
  if (isRefused) return isRefusedAlong(object, changes);
  return isBuiltIn(object)
    ? {
        effect: 'live',
        rule: 'field',
        object,
        title: `${nameOf(object)}: changed in place${detail(object, changes)}`,
        reason: 'The API server takes the new values, and no pod restarts for them.',
        source: kubernetesDocs('concepts/architecture/controller/'),
        changes,
      }
    : {
        effect: 'unknown',
        rule: 'custom-resource',
        object,
        title: `${nameOf(object)}: what this does is up to the controller of ${object.apiVersion}${detail(object, changes)}`,
        reason:
          'No rule here knows this custom resource; look at the values, and at the docs of its controller.',
        source: kubernetesDocs('concepts/extend-kubernetes/api-extension/custom-resources/'),
        changes,
      };
}

function ruleFinding(rule: Rule, versions: Versions, changes: readonly Change[]): Finding {
  return {
    effect: rule.effect,
    rule: rule.id,
    object: versions.new,
    title: `${nameOf(versions.new)}: ${rule.says}${detail(versions.new, changes)}`,
    reason: rule.reason,
    source: rule.source,
    ...(rule.outage && { outage: true }),
    ...(rule.steps && { steps: rule.steps(versions) }),
    changes,
  };
}

function isRewritten(object: Manifest, changes: readonly Change[]): Finding {
  return {
    effect: 'none',
    rule: 'rewritten',
    object,
    title: `${nameOf(object)}: the same data in other words`,
    reason: 'Comments, layout and the order of keys are no data; a program reads the same.',
    source: 'https://yaml.org/spec/1.2.2/#3233-comments',
    changes,
  };
}

function isRefusedAlong(object: Manifest, changes: readonly Change[]): Finding {
  return {
    effect: 'refused',
    rule: 'refused-along',
    object,
    title: `${nameOf(object)}: its other changes do not take place either${detail(object, changes)}`,
    reason: 'The API server takes an object as a whole or not at all.',
    source: kubernetesDocs('reference/using-api/api-concepts/'),
    changes,
  };
}

const MAX_VALUE = 40;

/** Where, from what and to what, where that is one short field; values of Secrets are never part of a title. */
function detail({ kind }: Manifest, changes: readonly Change[]): string {
  const [change, ...others] = changes;
  if (change === undefined) return '';
  if (others.length > 0) return ` (${counted(changes.length, 'field')})`;
  const values = [
    ...('old' in change ? [short(change.old)] : ['nothing']),
    ...('new' in change ? [short(change.new)] : ['nothing']),
  ];
  const shown = kind !== 'Secret' && values.every((value) => value !== undefined);
  return ` (${formatPath(change.path)}${shown ? `: ${values.join(' → ')}` : ''})`;
}

function short(value: Json): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  const text = String(value);
  return text.length > MAX_VALUE || text.includes('\n') || text.includes('@') ? undefined : text || "''";
}
