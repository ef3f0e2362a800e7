import { parse } from 'yaml';
import { type Check, type Finding, fail, ok, unknown, warn } from '../check';
import type { Cluster } from '../cluster';
import type { Files } from '../kinds';
import { isOwn, show } from '../objects';
import { type SidecarFiles, unique, valuesOf } from '../wanted';

/** A datasource, as a provisioning file defines it. */
interface Datasource {
  readonly name: string;
  readonly uid?: string;
  readonly type: string;
  readonly isDefault?: boolean;
  readonly jsonData?: Readonly<Record<string, unknown>>;
}

/** A provisioning file of the existing Grafana. */
interface ExistingFile {
  readonly object: Files;
  readonly fileName: string;
  readonly datasources: readonly Datasource[];
}

/** Grafana's own, which nobody defines. */
const BUILT_IN = ['grafana', '-- Grafana --', '-- Mixed --', '-- Dashboard --'];

/** Datasources that are provisioned from ConfigMaps with the sidecar's label. */
export function existingFiles(cluster: Cluster, labelKey: string): ExistingFile[] {
  return cluster
    .all<Files>('ConfigMap')
    .filter((map) => map.metadata.labels?.[labelKey] !== undefined && !isOwn(map))
    .flatMap((object) =>
      Object.entries(object.data ?? {}).map(([fileName, text]) => ({
        object,
        fileName,
        datasources: (valuesOf(parse(text), 'datasources')[0] ?? []) as Datasource[],
      })),
    );
}

/** Datasources that our dashboards and datasources refer to are there, one of them is the default, and none clashes. */
export const grafanaDatasources: Check = {
  id: 'grafana-datasources',
  source: 'https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources',
  judge(wanted, cluster) {
    const own = wanted.sidecarFiles.filter(({ role }) => role === 'datasources');
    const labelKey = own[0]?.label.key;
    if (labelKey === undefined) return [ok('no datasources are wanted')];
    const existing = existingFiles(cluster, labelKey);
    const theirs = existing.flatMap(({ datasources }) => datasources);
    if (theirs.length === 0)
      return [
        unknown(
          `no ConfigMap with the label ${labelKey} defines a datasource`,
          'look in Grafana (Connections, Data sources) whether the uid of the default Prometheus is "prometheus"',
        ),
      ];
    const ours = own.flatMap(({ files }) =>
      Object.values(files).flatMap((file) => valuesOf(file, 'datasources')[0] as Datasource[]),
    );
    const findings = [
      ...clashes(existing, own, ours),
      ...defaults(theirs),
      ...references(wanted.sidecarFiles, [...theirs, ...ours], theirs),
    ];
    const uids = theirs.map(
      ({ name, uid, isDefault }) => `${name} (uid ${uid ?? 'none'}${isDefault ? ', default' : ''})`,
    );
    return findings.length > 0 ? findings : [ok(`existing: ${uids.join(', ')}`)];
  },
};

function clashes(
  existing: readonly ExistingFile[],
  own: readonly SidecarFiles[],
  ours: readonly Datasource[],
): Finding[] {
  const fileNames = own.flatMap(({ files }) => Object.keys(files));
  return existing.flatMap(({ object, fileName, datasources }) => [
    ...(fileNames.includes(fileName)
      ? [
          fail(
            `${show(object)} has a file ${fileName} too: the sidecar would write one over the other`,
            'rename the key there',
          ),
        ]
      : []),
    ...datasources
      .filter(({ name, uid }) => ours.some((one) => one.name === name || one.uid === uid))
      .map(({ name, uid }) =>
        fail(
          `${show(object)} defines a datasource ${name} (uid ${uid ?? 'none'}); so does the stack`,
          'take it out there: Grafana keeps one of the two, whichever it reads last',
        ),
      ),
  ]);
}

function defaults(theirs: readonly Datasource[]): Finding[] {
  const found = theirs.filter(({ isDefault }) => isDefault === true);
  if (found.length === 1) return [];
  return found.length === 0
    ? [
        warn(
          'no provisioned datasource is the default',
          'expected is the Prometheus of kube-prometheus-stack',
          {
            kubePrometheusStack: { grafana: { sidecar: { datasources: { isDefaultDatasource: true } } } },
          },
        ),
      ]
    : [
        fail(
          `${found.map(({ name }) => name).join(' and ')} are both the default: Grafana does not start again`,
          'take isDefault from all but one',
        ),
      ];
}

function references(
  files: readonly SidecarFiles[],
  known: readonly Datasource[],
  theirs: readonly Datasource[],
): Finding[] {
  const contents = files.flatMap((one) => Object.values(one.files));
  const panels = contents.flatMap((file) => valuesOf(valuesOf(file, 'datasource'), 'uid'));
  const named = ['datasourceUid', 'targetUID'].flatMap((key) =>
    contents.flatMap((file) => valuesOf(file, key)),
  );
  const uids = unique([...panels, ...named]).filter((uid): uid is string => typeof uid === 'string');
  const missing = uids.filter(
    (uid) => !uid.startsWith('$') && !BUILT_IN.includes(uid) && !known.some((one) => one.uid === uid),
  );
  const prometheus = theirs.find(({ type, isDefault }) => type === 'prometheus' && isDefault);
  return missing.map((uid) =>
    fail(
      `the stack refers to a datasource of uid ${uid}; there are ${theirs.map((one) => one.uid).join(', ')}`,
      `give the Prometheus datasource ${prometheus ? `"${prometheus.name}" ` : ''}that uid`,
      { kubePrometheusStack: { grafana: { sidecar: { datasources: { uid } } } } },
    ),
  );
}
