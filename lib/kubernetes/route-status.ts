import { at, type Json, listAt, textAt } from './json';

/**
 * Why a Gateway does not serve an HTTPRoute as it is written; empty if every parent accepts it.
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-1364/
 */
export function routeProblems(route: unknown): string[] {
  const parents = listAt(route, 'status', 'parents');
  if (parents.length === 0) return ['no controller reports it: its Gateway or listener may not exist'];
  return parents.flatMap((parent) =>
    conditionProblems(parent, ['Accepted', 'ResolvedRefs'], textAt(route, 'metadata', 'generation')),
  );
}

/** Why a policy is not in force; empty if every Gateway of its routes accepts it. */
export function policyProblems(policy: unknown): string[] {
  const ancestors = listAt(policy, 'status', 'ancestors');
  if (ancestors.length === 0) return ['no controller reports it'];
  return ancestors.flatMap((ancestor) => [
    ...conditionProblems(ancestor, ['Accepted'], textAt(policy, 'metadata', 'generation')),
    ...listAt(ancestor, 'conditions').flatMap((condition) =>
      ['Conflicted', 'Overridden'].includes(textAt(condition, 'type') ?? '') &&
      textAt(condition, 'status') === 'True'
        ? [inWords(condition)]
        : [],
    ),
  ]);
}

function conditionProblems(owner: Json, types: readonly string[], generation: string | undefined): string[] {
  const conditions = listAt(owner, 'conditions');
  return types.flatMap((type) => {
    const condition = conditions.find((one) => textAt(one, 'type') === type);
    if (condition === undefined) return [`${type} is not reported`];
    if (textAt(condition, 'status') !== 'True') return [inWords(condition)];
    const seen = at(condition, 'observedGeneration');
    return generation !== undefined && seen !== undefined && Number(seen) < Number(generation)
      ? [`${type} is reported for an older version`]
      : [];
  });
}

function inWords(condition: Json): string {
  const [type, status, reason, message] = ['type', 'status', 'reason', 'message'].map((key) =>
    textAt(condition, key),
  );
  return `${type} is ${status} (${reason})${message ? `: ${message.trim().replaceAll(/\s+/g, ' ')}` : ''}`;
}
