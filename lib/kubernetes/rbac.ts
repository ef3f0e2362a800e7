import { at, listAt, textAt } from './json';

/** API group of roles and bindings. */
export const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** One action that a role allows. */
export interface Permission {
  /** API group; `url` for URL paths of the API server. */
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Name of the only object that it applies to; `*` for all objects. */
  readonly name: string;
}

/** Permissions that grant all others or expose credentials. */
const POWERFUL =
  /^(?:\* |(?:escalate|bind|impersonate) )|(?:\w+ (?:\*|secrets|pods\/exec|pods\/attach|nodes\/proxy|serviceaccounts\/token)(?: |$))/;

/** Every permission of a Role or ClusterRole. */
export function permissionsOf(role: unknown): Permission[] {
  return listAt(role, 'rules').flatMap((rule) => {
    const strings = (key: string) => listAt(rule, key).map(String);
    const names = at(rule, 'resourceNames') === undefined ? ['*'] : strings('resourceNames');
    const resources = strings('apiGroups').flatMap((group) =>
      strings('resources').flatMap((resource) => names.map((name) => ({ group, resource, name }))),
    );
    const urls = strings('nonResourceURLs').map((resource) => ({ group: 'url', resource, name: '*' }));
    return strings('verbs').flatMap((verb) => [...resources, ...urls].map((one) => ({ ...one, verb })));
  });
}

/** Whether one permission includes another. */
export function includesPermission(have: Permission, want: Permission): boolean {
  return (['group', 'resource', 'verb', 'name'] as const).every(
    (part) => have[part] === want[part] || (have[part] === '*' && (part !== 'group' || want.group !== 'url')),
  );
}

/** Describes permissions, once per resource: `get/list pods`. */
export function permissionsInWords(permissions: readonly Permission[]): string[] {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verb, name } of permissions) {
    const what = `${resource}${group === '' || group === 'url' ? '' : `.${group}`}${name === '*' ? '' : ` named ${name}`}`;
    verbs.set(what, (verbs.get(what) ?? new Set()).add(verb));
  }
  return [...verbs].map(([what, some]) => `${[...some].join('/')} ${what}`);
}

/** The {@link permissionsInWords} that grant all others or expose credentials. */
export function powerfulPermissions(permissions: readonly Permission[]): string[] {
  return permissionsInWords(permissions).filter((one) => POWERFUL.test(one));
}

/** Describes the subject of a binding: `ServiceAccount monitoring/promtail`. */
export function subjectsOf(binding: unknown): string[] {
  return listAt(binding, 'subjects').map((subject) => {
    const namespace = textAt(subject, 'namespace');
    return `${textAt(subject, 'kind')} ${namespace === undefined ? '' : `${namespace}/`}${textAt(subject, 'name')}`;
  });
}
