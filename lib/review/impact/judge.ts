import type { Change } from '../diff/change';
import type { ClusterChange, ObjectChange } from '../diff/objects';
import { type Manifest, nameOf } from '../manifests/manifest';
import { deletes } from './consequences/deletes';
import { reach } from './consequences/reach';
import { restarts } from './consequences/restarts';
import { volumes } from './consequences/volumes';
import { type Consequence, type Context, createdIn, deletedIn, type EffectiveChange } from './context';
import { EFFECTS, type Finding } from './finding';
import { leavesOf } from './leaf';
import { kubernetesDocs, type Rule, type Versions } from './rules/rule';
import { isBuiltIn, ruleFor } from './rules/rules';

/** What a review says of one cluster. */
export interface ClusterReview {
  readonly cluster: ClusterChange;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

const CONSEQUENCES: readonly Consequence[] = [restarts, reach, deletes, volumes];

/** Judges every change of a cluster: each one is in at least one finding. */
export function judge(cluster: ClusterChange, today: string): ClusterReview {
  const byField = cluster.objects.flatMap((object) =>
    object.type === 'changed' ? [{ object, findings: fieldFindings(object) }] : [],
  );
  const context: Context = {
    cluster,
    today,
    created: createdIn(cluster.objects),
    deleted: deletedIn(cluster.objects),
    changed: byField.map(({ object, findings }): EffectiveChange => {
      const idle = new Set(
        findings.filter(({ effect }) => effect === 'none').flatMap(({ changes }) => changes),
      );
      return {
        old: object.old,
        new: object.new,
        changes: object.changes.filter((change) => !idle.has(change)),
        refused: findings.some(({ effect }) => effect === 'refused'),
      };
    }),
  };
  const findings = [
    ...byField.flatMap((one) => one.findings),
    ...CONSEQUENCES.flatMap((consequence) => consequence(context)),
    ...context.created.map(isCreated),
  ];
  const judged = new Set(findings.flatMap(({ changes }) => changes));
  const refused = new Set(context.changed.filter((object) => object.refused).map((object) => object.new));
  const rest = cluster.objects.flatMap((object) => remainder(object, judged, refused));
  return {
    cluster,
    findings: [...findings, ...rest].sort((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect)),
  };
}

/** What rules say of the fields of one object: one finding for each rule, with all changes that it is about. */
function fieldFindings({ old, new: next, changes }: Extract<ObjectChange, { type: 'changed' }>): Finding[] {
  const versions = { old, new: next };
  const byRule = new Map<Rule, Set<Change>>();
  for (const change of changes) {
    const rules = leavesOf(change).map((leaf) => ruleFor(leaf, versions));
    // A change has no effect only when none of its values has one.
    const idle = rules.every((rule) => rule?.effect === 'none');
    for (const rule of rules) {
      if (rule === undefined || (rule.effect === 'none' && !idle)) continue;
      byRule.set(rule, (byRule.get(rule) ?? new Set()).add(change));
    }
  }
  const rewritten = changes.filter(({ type }) => type === 'rewritten');
  return [
    ...[...byRule].map(([rule, some]) => ruleFinding(rule, versions, [...some])),
    ...(rewritten.length > 0 ? [isRewritten(next, rewritten)] : []),
  ];
}

function ruleFinding(rule: Rule, versions: Versions, changes: readonly Change[]): Finding {
  return {
    effect: rule.effect,
    rule: rule.id,
    object: versions.new,
    title: `${nameOf(versions.new)}: ${rule.says}`,
    reason: rule.reason,
    source: rule.source,
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

function isCreated(object: Manifest): Finding {
  return {
    effect: 'live',
    rule: 'created',
    object,
    title: `${nameOf(object)} is new`,
    reason: 'The API server creates it; nothing that runs is touched.',
    source: kubernetesDocs('tasks/manage-kubernetes-objects/declarative-config/#how-to-create-objects'),
    changes: [],
  };
}

/** Changes that no rule is about: of a kind that comes with Kubernetes they are live, of any other nobody can say. */
function remainder(
  object: ObjectChange,
  judged: ReadonlySet<Change>,
  refused: ReadonlySet<Manifest>,
): Finding[] {
  if (object.type !== 'changed') return [];
  const changes = object.changes.filter((change) => !judged.has(change));
  if (changes.length === 0) return [];
  const { new: next } = object;
  if (refused.has(next)) return [isRefusedAlong(next, changes)];
  return [
    isBuiltIn(next)
      ? {
          effect: 'live',
          rule: 'field',
          object: next,
          title: `${nameOf(next)}: changed in place`,
          reason: 'The API server takes the new values, and no pod restarts for them.',
          source: kubernetesDocs('concepts/architecture/controller/'),
          changes,
        }
      : {
          effect: 'unknown',
          rule: 'custom-resource',
          object: next,
          title: `${nameOf(next)}: what this does is up to the controller of ${next.apiVersion}`,
          reason:
            'No rule here knows this custom resource; look at the values, and at the docs of its controller.',
          source: kubernetesDocs('concepts/extend-kubernetes/api-extension/custom-resources/'),
          changes,
        },
  ];
}

function isRefusedAlong(object: Manifest, changes: readonly Change[]): Finding {
  return {
    effect: 'refused',
    rule: 'refused-along',
    object,
    title: `${nameOf(object)}: its other changes do not take place either`,
    reason: 'The API server takes an object as a whole or not at all.',
    source: kubernetesDocs('reference/using-api/api-concepts/'),
    changes,
  };
}
