import { unfold } from '../../kubernetes/embedded';
import { at, isMap, listAt, mapAt, textAt } from '../../kubernetes/json';
import { type KubernetesObject, nameOf } from '../../kubernetes/object';
import { type Check, type Finding, fail, notRequired, ok, unknown, warn } from '../check';
import type { Cluster } from '../cluster';
import { type Desired, isOwn } from '../desired';
import { clash } from './grafana-clash';
import { filesFor } from './grafana-sidecar';

/** A datasource, as a provisioning file defines it. */
interface Datasource {
  readonly object: KubernetesObject;
  readonly name: string | undefined;
  readonly uid: string | undefined;
  readonly type: string | undefined;
  readonly isDefault: boolean;
  readonly linksExemplars: boolean;
}

/** Provisioning files in a ConfigMap or Secret, by name. */
export function filesIn(object: KubernetesObject) {
  const content = unfold(object);
  return { ...mapAt(content, 'data'), ...mapAt(content, 'stringData') };
}

function datasourcesIn(objects: readonly KubernetesObject[]): Datasource[] {
  return objects.flatMap((object) =>
    Object.values(filesIn(object)).flatMap((file) =>
      listAt(file, 'datasources')
        .filter(isMap)
        .map((one) => ({
          object,
          name: textAt(one, 'name'),
          uid: textAt(one, 'uid'),
          type: textAt(one, 'type'),
          isDefault: at(one, 'isDefault') === true,
          linksExemplars: at(one, 'jsonData', 'exemplarTraceIdDestinations') !== undefined,
        })),
    ),
  );
}

/** Datasources that ConfigMaps provision in the existing Grafana. */
export function existingDatasources(cluster: Cluster, { settings }: Desired): Datasource[] {
  const label = settings.grafana.datasourceLabel;
  return datasourcesIn(
    cluster.all('ConfigMap').filter((map) => map.metadata.labels?.[label] !== undefined && !isOwn(map)),
  );
}

/** Every datasource that links and dashboards refer to exists, exactly one is the default, and none clashes. */
export const grafanaDatasources: Check = {
  id: 'grafana-datasources',
  source: 'https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources',
  command: 'get configmaps --all-namespaces -l grafana_datasource -o yaml',
  *assess(desired, cluster) {
    const files = filesFor('datasources', desired);
    if (files.length === 0) return notRequired('no datasources are rendered');
    const existing = existingDatasources(cluster, desired);
    const { datasourceLabel, prometheusUid } = desired.settings.grafana;
    if (existing.length === 0)
      return unknown(
        [],
        `no ConfigMap with the label ${datasourceLabel} defines a datasource`,
        `check in Grafana (Connections, Data sources) that the uid of the default Prometheus is "${prometheusUid}"`,
      );
    const objects = [...new Set(existing.map(({ object }) => object))];
    const own = datasourcesIn(files);
    const fileNames = files.flatMap((file) => Object.keys(filesIn(file)));
    for (const object of objects)
      for (const fileName of Object.keys(filesIn(object)).filter((name) => fileNames.includes(name)))
        yield fail(
          [object],
          `${nameOf(object)} has a file ${fileName} too: the sidecar would overwrite one with the other`,
          'rename the key there',
        );
    for (const { object, name, uid } of existing)
      if (own.some((one) => one.name === name || one.uid === uid))
        yield clash(
          [object],
          `${nameOf(object)} defines the datasource ${name} (uid ${uid ?? 'none'})`,
          existing,
        );
    const defaults = existing.filter(({ isDefault }) => isDefault);
    if (defaults.length === 0)
      yield warn(objects, 'no provisioned datasource is the default', 'make Prometheus the default', {
        kubePrometheusStack: { grafana: { sidecar: { datasources: { isDefaultDatasource: true } } } },
      });
    if (defaults.length > 1)
      yield fail(
        objects,
        `${defaults.map(({ name }) => name).join(' and ')} are both the default: Grafana does not start again`,
        'remove isDefault from all but one',
      );
    yield* references(existing, objects, desired);
    const words = existing.map(
      ({ name, uid, isDefault }) => `${name} (uid ${uid ?? 'none'}${isDefault ? ', default' : ''})`,
    );
    return ok(objects, `existing: ${words.join(', ')}`);
  },
};

function* references(
  existing: readonly Datasource[],
  objects: readonly KubernetesObject[],
  { settings }: Desired,
): Generator<Finding> {
  const { prometheusUid, existingDatasources } = settings.grafana;
  const exists = (uid: string) => existing.some((one) => one.uid === uid);
  const uids = existing.map(({ uid }) => uid ?? 'none').join(', ');
  const [prometheus] = existing
    .filter(({ type }) => type === 'prometheus')
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  if (!exists(prometheusUid))
    yield fail(
      objects,
      `links and dashboards refer to a Prometheus with uid ${prometheusUid}; the existing uids are ${uids}`,
      `use one uid for ${prometheus?.name ?? 'Prometheus'} in both`,
      prometheus?.uid === undefined
        ? { kubePrometheusStack: { grafana: { sidecar: { datasources: { uid: prometheusUid } } } } }
        : { values: { grafana: { prometheusUid: prometheus.uid } } },
    );
  for (const [name, uid] of Object.entries(existingDatasources).filter(([, uid]) => !exists(uid)))
    yield fail(
      objects,
      `grafana.existingDatasources gives ${name} the uid ${uid}; the existing uids are ${uids}`,
      'correct the uid, or remove the entry',
    );
}
