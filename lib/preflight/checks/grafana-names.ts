import { isMap, listAt } from '../../kubernetes/json';
import { type Check, notRequired, ok, unknown } from '../check';
import type { Desired } from '../desired';
import { type GrafanaDatasource, grafanaDatasource } from '../grafana-answer';
import { clash, clashes } from './grafana-clash';
import { filesIn } from './grafana-datasources';
import { filesFor, grafanaWorkloads } from './grafana-sidecar';

/** Grafana has no datasource with a name or uid of this stack, neither provisioned nor created manually. */
export const grafanaNames: Check = {
  id: 'grafana-names',
  source: 'https://grafana.com/docs/grafana/latest/developers/http_api/data_source/#get-all-data-sources',
  command: 'get deployments,statefulsets --all-namespaces -l app.kubernetes.io/name=grafana',
  *assess(desired, cluster) {
    const own = ownIn(desired);
    if (own.length === 0) return notRequired('no datasources are rendered');
    const { grafana: existing } = cluster;
    if (existing === undefined)
      return unknown(
        [],
        'datasources that were created manually in Grafana are not in the Kubernetes API',
        `check in Grafana (Connections, Data sources) that it has no other ${own
          .map(({ name }) => name)
          .join(', ')}; or, if you may exec into it: npm run preflight -- --grafana`,
      );
    const grafanas = grafanaWorkloads(cluster);
    const foreign = existing.filter((one) => !own.some((ours) => isOurs(one, ours)));
    const taken = foreign.filter((one) => own.some((ours) => clashes(ours, one)));
    for (const { name, uid } of taken)
      yield clash(grafanas, `Grafana has the datasource ${name} (uid ${uid})`, foreign);
    return ok(
      grafanas,
      `datasources in Grafana: ${existing.map(({ name, uid }) => `${name} (uid ${uid})`).join(', ')}`,
    );
  },
};

/** The datasources of this stack, as they are rendered. */
function ownIn(desired: Desired): GrafanaDatasource[] {
  return filesFor('datasources', desired).flatMap((file) =>
    Object.values(filesIn(file)).flatMap((content) =>
      listAt(content, 'datasources').filter(isMap).map(grafanaDatasource),
    ),
  );
}

/**
 * Whether this stack provisioned the datasource before. A manually created one can be edited and may point elsewhere.
 */
function isOurs(one: GrafanaDatasource, ours: GrafanaDatasource): boolean {
  return one.name === ours.name && one.uid === ours.uid && (one.readOnly || one.url === ours.url);
}
