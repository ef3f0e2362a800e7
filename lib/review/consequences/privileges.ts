import { at, type JsonMap, textAt } from '../../kubernetes/json';
import { strictestLevel, violationsOf } from '../../kubernetes/pod-security';
import { contentsOf, podOf } from '../../kubernetes/pods';
import type { ReviewContext } from '../component-review';
import { type CaseRow, casesFound, difference } from '../difference';
import type { DraftFinding } from '../finding';

/** New privileges of pods on their node and in the cluster. */
export function privileges({ applied }: ReviewContext): DraftFinding[] {
  return applied.flatMap(({ old, new: object, changes: all }) => {
    const [before, after] = [old && podOf(old), podOf(object)];
    if (!after) return [];
    const changes = all.filter(({ path }) => path[0] === 'spec');
    const rows = before ? gained(before, after) : neededByNew(after);
    return casesFound(rows).map((found) => ({ ...found, object, changes }));
  });
}

function gained(before: JsonMap, after: JsonMap): CaseRow[] {
  const [was, is] = [violationsOf(before), violationsOf(after)];
  const [from, to] = [strictestLevel(was), strictestLevel(is)];
  const level =
    from === to
      ? `stays at Pod Security level ${to}, and`
      : `needs Pod Security level ${to} instead of ${from}:`;
  const added = <T>(of: (pod: JsonMap) => readonly T[]) => difference(of(before), of(after)).added;
  const isTokenNew = mountsToken(after) && !mountsToken(before);
  return [
    [
      'access',
      'pod-privileges',
      added((pod) => violationsOf(pod).map(({ what }) => what)),
      (what) => `${level} ${what}`,
    ],
    ['access', 'pod-secrets', added(secretsOf), readsSecrets],
    [
      'access',
      'pod-account',
      added((pod) => [accountOf(pod)]),
      (account) => `acts as service account ${account} instead of ${accountOf(before)}`,
    ],
    ['access', 'pod-token', isTokenNew ? [accountOf(after)] : []],
  ];
}

function neededByNew(pod: JsonMap): CaseRow[] {
  const violations = violationsOf(pod).filter(({ level }) => level === 'privileged');
  return [
    [
      'access',
      'pod-privileges',
      violations.map(({ what }) => what),
      (what) => `is new and needs Pod Security level privileged: ${what}`,
    ],
    ['access', 'pod-secrets', secretsOf(pod), readsSecrets],
  ];
}

const readsSecrets = (names: string) => `reads Secrets: ${names}`;

function mountsToken(pod: unknown): boolean {
  return at(pod, 'spec', 'automountServiceAccountToken') !== false;
}

function accountOf(pod: unknown): string {
  return textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
}

function secretsOf(pod: unknown): string[] {
  return contentsOf(pod).flatMap(({ kind, name }) => (kind === 'Secret' ? [name] : []));
}
