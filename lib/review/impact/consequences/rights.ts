import { at, type Json, listAt, textAt } from '../../manifests/json';
import { type Cluster, type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { kubernetesDocs } from '../rules/rule';
import { listed } from '../words';

const RBAC = 'rbac.authorization.k8s.io';
const ROLES = [`${RBAC}/Role`, `${RBAC}/ClusterRole`];
const BINDINGS = [`${RBAC}/RoleBinding`, `${RBAC}/ClusterRoleBinding`];

/** Rights that lead to all others, or to credentials. */
const STRONG =
  /^(?:\* |(?:escalate|bind|impersonate) )|(?:\w+ (?:\*|secrets|pods\/exec|pods\/attach|nodes\/proxy|serviceaccounts\/token)(?: |$))/;

/** One thing that somebody may do. */
interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Names that it is limited to; `*` for all. */
  readonly name: string;
}

/** Rights that roles and bindings hand out. */
export function rights({ changed, created, cluster }: Context): Finding[] {
  return [
    ...changed
      .filter(({ new: object }) => ROLES.includes(typeOf(object)))
      .flatMap(({ old, new: next, changes }) => {
        const before = rightsOf(old);
        const added = rightsOf(next).filter((right) => !before.some((one) => covers(one, right)));
        return added.length === 0
          ? []
          : [finding(next, `may also ${listed(inWords(added))}`, added, changes)];
      }),
    ...changed
      .filter(({ new: object }) => BINDINGS.includes(typeOf(object)))
      .flatMap(({ old, new: next, changes }) => {
        const before = listAt(old.content, 'subjects').map(subject);
        const added = listAt(next.content, 'subjects')
          .map(subject)
          .filter((one) => !before.includes(one));
        return added.length === 0 ? [] : [binding(next, added, cluster.new, changes)];
      }),
    ...created
      .filter((object) => BINDINGS.includes(typeOf(object)))
      .map((object) => binding(object, listAt(object.content, 'subjects').map(subject), cluster.new, [])),
  ];
}

function binding(
  object: Manifest,
  subjects: readonly string[],
  cluster: Cluster,
  changes: Finding['changes'],
): Finding {
  const kind = textAt(object.content, 'roleRef', 'kind') ?? 'ClusterRole';
  const name = textAt(object.content, 'roleRef', 'name') ?? '';
  const namespace = kind === 'Role' ? object.namespace : '';
  const role = cluster.get([RBAC, kind, namespace, name].join('/'));
  const where =
    object.kind === 'ClusterRoleBinding' ? 'in the whole cluster' : `in namespace ${object.namespace}`;
  const given = role ? rightsOf(role) : [];
  const what = role
    ? `may ${listed(inWords(given))}`
    : `has the rights of ${kind} ${name}, which is not in these manifests,`;
  return finding(object, `${listed(subjects)} ${what} ${where}`, given, changes);
}

function finding(
  object: Manifest,
  says: string,
  some: readonly Right[],
  changes: Finding['changes'],
): Finding {
  const strong = inWords(some).filter((right) => STRONG.test(right));
  return {
    effect: 'access',
    rule: 'rights',
    object,
    title: `${nameOf(object)}: ${says}`,
    reason: `RBAC only ever adds rights.${strong.length > 0 ? ` Strong ones: ${listed(strong)}.` : ''}`,
    source: kubernetesDocs('concepts/security/rbac-good-practices/#privilege-escalation-risks'),
    changes,
  };
}

function rightsOf({ content }: Manifest): Right[] {
  return listAt(content, 'rules').flatMap((rule) => {
    const texts = (key: string) => listAt(rule, key).map(String);
    const names = at(rule, 'resourceNames') === undefined ? ['*'] : texts('resourceNames');
    const resources = texts('apiGroups').flatMap((group) =>
      texts('resources').flatMap((resource) => names.map((name) => ({ group, resource, name }))),
    );
    const urls = texts('nonResourceURLs').map((resource) => ({ group: 'url', resource, name: '*' }));
    return texts('verbs').flatMap((verb) => [...resources, ...urls].map((one) => ({ ...one, verb })));
  });
}

function covers(have: Right, want: Right): boolean {
  return (['group', 'resource', 'verb', 'name'] as const).every(
    (part) => have[part] === want[part] || (have[part] === '*' && (part !== 'group' || want.group !== 'url')),
  );
}

/** Rights in words: `get, list pods`, one for each resource. */
function inWords(some: readonly Right[]): string[] {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verb, name } of some) {
    const what = `${resource}${group === '' || group === 'url' ? '' : `.${group}`}${name === '*' ? '' : ` named ${name}`}`;
    verbs.set(what, (verbs.get(what) ?? new Set()).add(verb));
  }
  return [...verbs].map(([what, some]) => `${[...some].join('/')} ${what}`);
}

function subject(value: Json): string {
  const namespace = textAt(value, 'namespace');
  return `${textAt(value, 'kind')} ${namespace === undefined ? '' : `${namespace}/`}${textAt(value, 'name')}`;
}
