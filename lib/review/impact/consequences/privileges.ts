import { at, type JsonMap, listAt, textAt } from '../../manifests/json';
import { type Manifest, nameOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { levelOf, violationsOf } from '../pod-security';
import { containersOf, podOf } from '../pods';
import { kubernetesDocs } from '../rules/rule';
import { listed } from '../words';

const STANDARDS = kubernetesDocs('concepts/security/pod-security-standards/');

/** What pods may do on their node and in the cluster that they could not do before. */
export function privileges({ changed, created }: Context): Finding[] {
  return [
    ...changed.flatMap(({ old, new: next, changes }) => {
      const [before, after] = [podOf(old), podOf(next)];
      return before && after ? compared(next, before, after, changes) : [];
    }),
    ...created.flatMap((object) => {
      const pod = podOf(object);
      return pod ? brought(object, pod) : [];
    }),
  ];
}

function compared(object: Manifest, before: JsonMap, after: JsonMap, changes: Finding['changes']): Finding[] {
  const [old, next] = [violationsOf(before), violationsOf(after)];
  const added = next.filter(({ what }) => !old.some((one) => one.what === what)).map(({ what }) => what);
  const [from, to] = [levelOf(old), levelOf(next)];
  const secrets = secretsOf(after).filter((secret) => !secretsOf(before).includes(secret));
  const [was, is] = [account(before), account(after)];
  const mounts = (pod: JsonMap) => at(pod, 'spec', 'automountServiceAccountToken') !== false;
  const inPod = changes.filter(({ path }) => path[0] === 'spec');
  return [
    ...(added.length === 0
      ? []
      : [
          finding(object, 'pod-privileges', inPod, {
            says: `${from === to ? `stays at the Pod Security level ${to}, and` : `runs at the Pod Security level ${to} instead of ${from}:`} ${listed(added)}`,
            reason:
              'A level admits what its standard lists; a namespace that enforces a stricter one refuses the pods.',
            source: STANDARDS,
          }),
        ]),
    ...(secrets.length === 0 ? [] : [readsSecrets(object, inPod, secrets)]),
    ...(was === is
      ? []
      : [
          finding(object, 'pod-account', inPod, {
            says: `acts as the service account ${is} instead of ${was}, with its rights`,
            reason: 'A pod may do what RBAC lets its service account do.',
            source: kubernetesDocs('concepts/security/service-accounts/'),
          }),
        ]),
    ...(mounts(after) && !mounts(before)
      ? [
          finding(object, 'pod-token', inPod, {
            says: 'is given a token for the API server',
            reason:
              'With automountServiceAccountToken every process in the pod can act as its service account.',
            source: kubernetesDocs(
              'tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
            ),
          }),
        ]
      : []),
  ];
}

function brought(object: Manifest, pod: JsonMap): Finding[] {
  const violations = violationsOf(pod).filter(({ level }) => level === 'privileged');
  const secrets = secretsOf(pod);
  return [
    ...(violations.length === 0
      ? []
      : [
          finding(object, 'pod-privileges', [], {
            says: `is new and needs the Pod Security level privileged: ${listed(violations.map(({ what }) => what))}`,
            reason: 'A namespace that enforces a stricter level refuses the pods.',
            source: STANDARDS,
          }),
        ]),
    ...(secrets.length === 0 ? [] : [readsSecrets(object, [], secrets)]),
  ];
}

function readsSecrets(object: Manifest, changes: Finding['changes'], secrets: readonly string[]): Finding {
  return finding(object, 'pod-secrets', changes, {
    says: `reads the Secrets ${listed(secrets)}, which it did not before`,
    reason: 'Whoever can run a process in the pod can read them.',
    source: kubernetesDocs('concepts/security/secrets-good-practices/'),
  });
}

function finding(
  object: Manifest,
  rule: string,
  changes: Finding['changes'],
  { says, reason, source }: { says: string; reason: string; source: string },
): Finding {
  return { effect: 'access', rule, object, title: `${nameOf(object)} ${says}`, reason, source, changes };
}

function account(pod: JsonMap): string {
  return textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
}

function secretsOf(pod: JsonMap): string[] {
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
