import { unfold } from '../kubernetes/embedded';
import type { Json } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/object';
import type { Change } from './diff/change';
import type { ObjectChange } from './diff/objects';
import { formatPath } from './diff/path';
import { type DraftFinding, draft } from './finding';
import { leavesOf } from './leaf';
import type { FieldRule, ObjectVersions } from './rule';
import type { RuleBook } from './rules/rules';
import { counted } from './words';

/** Findings about the fields of one object. */
export interface FieldFindings {
  /** One finding per rule, with all of its changes. */
  readonly findings: readonly DraftFinding[];
  /** Rules whose changes explain every value. */
  readonly explained: readonly Change[];
}

/** Applies the rules about fields to a changed object. */
export function fieldFindings(
  { old, new: next, changes }: Extract<ObjectChange, { type: 'changed' }>,
  rules: RuleBook,
): FieldFindings {
  const matched = new MatchedRules<ObjectVersions>();
  const rewritten = changes.filter(({ type }) => type === 'rewritten');
  const explained = [...rewritten];
  for (const change of changes) {
    if (change.type === 'rewritten') continue;
    const matching = leavesOf(change).map((leaf) => rules.rulesFor(leaf, { old, new: next }));
    // A change has no effect only if none of its values has one.
    const idle = matching.every(([rule]) => rule?.effect === 'none');
    for (const rule of matching.flat()) if (rule.effect !== 'none' || idle) matched.add(rule, change);
    if (matching.every((some) => some.length > 0)) explained.push(change);
  }
  const same = rewritten.length > 0 ? [draft('none', 'rewritten', next, { changes: rewritten })] : [];
  return { findings: [...matched.findings(next), ...same], explained };
}

/** Rules and their matching changes. */
export class MatchedRules<Versions> {
  private readonly changes = new Map<FieldRule<Versions>, Set<Change>>();

  public add(rule: FieldRule<Versions>, change: Change): void {
    this.changes.set(rule, (this.changes.get(rule) ?? new Set()).add(change));
  }

  /** One finding per rule. */
  public findings(object: KubernetesObject): DraftFinding[] {
    return [...this.changes].map(([rule, changes]) => ruleFinding(rule, object, [...changes]));
  }
}

/** Findings about a new object: access also depends on new objects. */
export function newObjectFindings(object: KubernetesObject, rules: RuleBook): DraftFinding[] {
  const old = { apiVersion: object.apiVersion, kind: object.kind } as KubernetesObject;
  const leaves = leavesOf({ type: 'added', path: [], new: unfold(object) });
  const matching = leaves.flatMap((leaf) => rules.rulesFor(leaf, { old, new: object }));
  return [...new Set(matching)]
    .filter(({ beside, effect }) => beside && effect !== 'capacity')
    .map((rule) => ruleFinding(rule, object, []));
}

function ruleFinding<Versions>(
  rule: FieldRule<Versions> & Pick<DraftFinding, 'reason' | 'source'>,
  object: KubernetesObject,
  changes: readonly Change[],
): DraftFinding {
  const { effect, id, text, outage, reason, source } = rule;
  return draft(effect, id, object, {
    changes,
    detail: detail(object, changes),
    ...(text && { text }),
    ...(outage && { outage }),
    ...(reason && { reason }),
    ...(source && { source }),
  });
}

/** Changes without a rule. The review does not call them harmless. */
export function unknownFinding(object: KubernetesObject, changes: readonly Change[], refused: boolean) {
  const more = { changes, detail: detail(object, changes) };
  return refused
    ? draft('refused', 'refused-along', object, more)
    : draft('unknown', 'unknown-field', object, more);
}

const MAX_VALUE = 40;

/** Location, old and new value, if that is one short field. Values of Secrets are never in a title. */
function detail({ kind }: KubernetesObject, changes: readonly Change[]): string {
  const [change, ...others] = changes;
  if (change === undefined) return '';
  if (others.length > 0) return ` (${counted(changes.length, 'field')})`;
  const values = [
    'old' in change ? short(change.old) : 'nothing',
    'new' in change ? short(change.new) : 'nothing',
  ];
  const shown = kind !== 'Secret' && values.every((value) => value !== undefined);
  return ` (${formatPath(change.path)}${shown ? `: ${values.join(' → ')}` : ''})`;
}

function short(value: Json): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  const text = String(value);
  return text.length > MAX_VALUE || text.includes('\n') || text.includes('@') ? undefined : text || "''";
}
