import type { ClusterChange } from '../diff/objects';
import { type Manifest, nameOf } from '../manifests/manifest';
import { type Bill, billOf, sameBill } from './bill';
import { alerts } from './consequences/alerts';
import { configs } from './consequences/configs';
import { deletes } from './consequences/deletes';
import { networkPolicies } from './consequences/network-policies';
import { privileges } from './consequences/privileges';
import { reach } from './consequences/reach';
import { restarts } from './consequences/restarts';
import { rights } from './consequences/rights';
import { routes } from './consequences/routes';
import { sizes } from './consequences/sizes';
import { volumes } from './consequences/volumes';
import { type Consequence, type Context, createdIn, deletedIn, type EffectiveChange } from './context';
import { fieldFindings, newObjectFindings, remainingFinding } from './fields';
import { EFFECTS, type Finding } from './finding';
import { kubernetesDocs } from './rules/rule';

/** What a review says of one cluster. */
export interface ClusterReview {
  readonly cluster: ClusterChange;
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** What the cluster is asked for, before and after; undefined where that stays the same. */
  readonly bill?: { readonly old: Bill; readonly new: Bill };
}

const CONSEQUENCES: readonly Consequence[] = [
  sizes,
  volumes,
  configs,
  deletes,
  routes,
  networkPolicies,
  rights,
  privileges,
  restarts,
  reach,
  alerts,
];

/**
 * Judges every change of a cluster: each one is in at least one finding.
 *
 * @param today The day of the review, as `2026-11-24`.
 */
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
    ...context.created.flatMap((object) => [isCreated(object), ...newObjectFindings(object)]),
  ];
  const judged = new Set(findings.flatMap(({ changes }) => changes));
  const rest = context.changed.flatMap(({ new: object, changes, refused }) => {
    const left = changes.filter((change) => !judged.has(change));
    return left.length === 0 ? [] : [remainingFinding(object, left, refused)];
  });
  const bill = { old: billOf(cluster.old), new: billOf(cluster.new) };
  return {
    cluster,
    findings: [...findings, ...rest].sort((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect)),
    ...(!sameBill(bill.old, bill.new) && { bill }),
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
