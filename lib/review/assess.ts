import type { ComponentReview, Consequence, EffectiveChange, ReviewContext } from './component-review';
import { claims } from './consequences/claims';
import { configs } from './consequences/configs';
import { deletes } from './consequences/deletes';
import { networkPolicies } from './consequences/network-policies';
import { permissions } from './consequences/permissions';
import { podSecurity } from './consequences/pod-security';
import { privileges } from './consequences/privileges';
import { reach } from './consequences/reach';
import { restarts } from './consequences/restarts';
import { routes } from './consequences/routes';
import { sizes } from './consequences/sizes';
import { versions } from './consequences/versions';
import { volumes } from './consequences/volumes';
import type { ClusterChange } from './diff/objects';
import { fieldFindings, newObjectFindings, unknownFinding } from './fields';
import { type DraftFinding, draft, EFFECTS, type ReviewFinding } from './finding';
import { completed, type RuleTexts } from './rule-text';
import type { RuleBook } from './rules/rules';

/** The assessment of one cluster. */
export interface ClusterReview {
  readonly cluster: ClusterChange;
  /** Findings, the worst first. */
  readonly findings: readonly ReviewFinding[];
  /** Whether nothing of the cluster runs yet. */
  readonly isFirst?: true;
}

/** Inputs of an assessment besides manifests. */
export interface AssessProps {
  readonly components: readonly ComponentReview[];
  readonly rules: RuleBook;
  readonly texts: RuleTexts;
  /** Date of the review, as `2026-11-24`. */
  readonly today: string;
}

const CONSEQUENCES: readonly Consequence[] = [
  sizes,
  volumes,
  claims,
  versions,
  configs,
  deletes,
  routes,
  networkPolicies,
  permissions,
  privileges,
  podSecurity,
  restarts,
  reach,
];

/** Assesses every change of a cluster. Each change is in at least one finding. */
export function assess(
  cluster: ClusterChange,
  { components, rules, texts, today }: AssessProps,
): ClusterReview {
  const byField = cluster.objects.flatMap((object) =>
    object.type === 'changed' ? [{ object, ...fieldFindings(object, rules) }] : [],
  );
  const changed = byField.map(({ object: { old, new: next, changes }, findings }): EffectiveChange => {
    const idle = new Set(changesOf(findings.filter(({ effect }) => effect === 'none')));
    const refused = findings.some(({ effect }) => effect === 'refused');
    return { old, new: next, changes: changes.filter((change) => !idle.has(change)), refused };
  });
  const created = cluster.objects.flatMap((object) => (object.type === 'created' ? [object.new] : []));
  const context: ReviewContext = {
    cluster,
    components,
    today,
    changed,
    created,
    deleted: cluster.objects.flatMap((object) => (object.type === 'deleted' ? [object.old] : [])),
    applied: [...changed, ...created.map((object) => ({ new: object, changes: [], refused: false }))],
  };
  const consequences = [...CONSEQUENCES, ...components.flatMap((component) => component.consequences ?? [])];
  const conclusions = consequences.flatMap((consequence) => consequence(context));
  const explained = new Set([...byField.flatMap((one) => one.explained), ...changesOf(conclusions)]);
  const unknown = changed.flatMap(({ new: object, changes, refused }) => {
    const rest = changes.filter((change) => !explained.has(change));
    return rest.length === 0 ? [] : [unknownFinding(object, rest, refused)];
  });
  const fresh = created.flatMap((object) => [
    draft('live', 'created', object),
    ...newObjectFindings(object, rules),
  ]);
  const drafts = [...byField.flatMap(({ findings }) => findings), ...conclusions, ...fresh, ...unknown];
  return { cluster, findings: worstFirst(drafts.map((one) => completed(one, texts))) };
}

function changesOf(findings: readonly DraftFinding[]) {
  return findings.flatMap(({ changes = [] }) => changes);
}

/** Findings by their effects. */
export function worstFirst(findings: readonly ReviewFinding[]): ReviewFinding[] {
  return [...findings].sort((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect));
}
