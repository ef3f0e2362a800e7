import { type Finding, fail } from '../check';
import type { GrafanaDatasource } from '../grafana-answer';

/** Name and uid of a datasource in Grafana. */
type Identity = Pick<GrafanaDatasource, 'name' | 'uid'>;

/** Suggested suffixes. The first free one is used. */
const SUFFIXES = ['stack', 'stack-2', 'stack-3'];

/** Whether two datasources have the same name, or the same uid. */
export function clashes(one: Identity, other: Identity): boolean {
  return one.name === other.name || one.uid === other.uid;
}

/** A datasource that would prevent Grafana from starting, and the setting that avoids it. */
export function clash(objects: Finding['objects'], where: string, existing: readonly Identity[]): Finding {
  const isFree = (suffix: string) =>
    !existing.some(({ name, uid }) => name?.endsWith(` (${suffix})`) || uid?.endsWith(`-${suffix}`));
  const free = SUFFIXES.find(isFree);
  return fail(
    objects,
    `${where}, and this stack adds one of that name or uid: Grafana would not start again, or would replace it`,
    'give the datasources of this stack other names and uids, or delete the existing one',
    free === undefined ? {} : { values: { grafana: { datasourceSuffix: free } } },
  );
}
