import { at, listAt, textAt } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/object';
import { strictestLevel, violationsOf } from '../../kubernetes/pod-security';
import { containersOf, podOf } from '../../kubernetes/pods';
import type { EffectiveChange, ReviewContext } from '../component-review';
import { type DraftFinding, draft } from '../finding';
import { listed } from '../words';

/** What pods may do on their node and in the cluster that they could not do before. */
export function privileges({ changed, created }: ReviewContext): DraftFinding[] {
  return [
    ...changed.flatMap(compared),
    ...created.flatMap((object) => {
      const violations = violationsOf(podOf(object)).filter(({ level }) => level === 'privileged');
      const secrets = secretsOf(podOf(object));
      const needs = `is new and needs Pod Security level privileged: ${listed(violations.map(({ what }) => what))}`;
      return [
        ...(violations.length > 0 ? [draft('access', 'pod-privileges', object, { says: needs })] : []),
        ...(secrets.length > 0 ? [readsSecrets(object, secrets, [])] : []),
      ];
    }),
  ];
}

function compared({ old, new: next, changes: all }: EffectiveChange): DraftFinding[] {
  const [before, after] = [podOf(old), podOf(next)];
  if (!before || !after) return [];
  const changes = all.filter(({ path }) => path[0] === 'spec');
  const [was, is] = [violationsOf(before), violationsOf(after)];
  const added = is.filter(({ what }) => !was.some((one) => one.what === what)).map(({ what }) => what);
  const [from, to] = [strictestLevel(was), strictestLevel(is)];
  const level =
    from === to
      ? `stays at Pod Security level ${to}, and`
      : `needs Pod Security level ${to} instead of ${from}:`;
  const secrets = secretsOf(after).filter((secret) => !secretsOf(before).includes(secret));
  const account = `acts as service account ${accountOf(after)} instead of ${accountOf(before)}`;
  return [
    ...(added.length > 0
      ? [draft('access', 'pod-privileges', next, { says: `${level} ${listed(added)}`, changes })]
      : []),
    ...(secrets.length > 0 ? [readsSecrets(next, secrets, changes)] : []),
    ...(accountOf(before) === accountOf(after)
      ? []
      : [draft('access', 'pod-account', next, { says: account, changes })]),
    ...(mountsToken(after) && !mountsToken(before) ? [draft('access', 'pod-token', next, { changes })] : []),
  ];
}

function readsSecrets(
  object: KubernetesObject,
  secrets: readonly string[],
  changes: EffectiveChange['changes'],
) {
  return draft('access', 'pod-secrets', object, { says: `reads Secrets: ${listed(secrets)}`, changes });
}

function mountsToken(pod: unknown): boolean {
  return at(pod, 'spec', 'automountServiceAccountToken') !== false;
}

function accountOf(pod: unknown): string {
  return textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
}

function secretsOf(pod: unknown): string[] {
  const names = [
    ...listAt(pod, 'spec', 'volumes').flatMap((volume) => [
      textAt(volume, 'secret', 'secretName'),
      ...listAt(volume, 'projected', 'sources').map((source) => textAt(source, 'secret', 'name')),
    ]),
    ...containersOf(pod).flatMap((container) => [
      ...listAt(container, 'env').map((env) => textAt(env, 'valueFrom', 'secretKeyRef', 'name')),
      ...listAt(container, 'envFrom').map((env) => textAt(env, 'secretRef', 'name')),
    ]),
  ];
  return [...new Set(names.filter((name) => name !== undefined))];
}
