import { clashes, type DatasourceIdentity, ownDatasources } from '../../grafana/own-datasources';
import { type Finding, fail } from '../check';

/** Suffixes to propose, of which the first that is free is pasted. */
const SUFFIXES = ['stack', 'stack-2', 'stack-3'];

/** A datasource that keeps Grafana from starting, and the setting that avoids it. */
export function clash(
  objects: Finding['objects'],
  where: string,
  existing: readonly Partial<DatasourceIdentity>[],
): Finding {
  const free = SUFFIXES.find(
    (suffix) =>
      !Object.values(ownDatasources(suffix)).some((own) => existing.some((one) => clashes(own, one))),
  );
  return fail(
    objects,
    `${where}, and this stack adds one of that name or uid: Grafana would not start again, or would replace it`,
    'give the datasources of this stack other names and uids, or delete the existing one',
    free === undefined ? {} : { values: { grafana: { datasourceSuffix: free } } },
  );
}
