import { z } from 'zod';
import { serviceHost } from '../constructs/service-host';
import { count, flag, httpUrl, labelKey, labelValue, namespaceName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { nearest } from '../values/suggest';
import { referredUids } from './datasource';
import { clashes, type DatasourceIdentity, ownDatasources, PROMETHEUS_NAME } from './own-datasources';

const uid = () => text('a uid of letters, digits, "-" and "_" such as "prometheus"', /^[A-Za-z0-9_-]+$/, 40);

const datasourceName = () => text('the name of a datasource', /^\S(?:.*\S)?$/, 190);

/** A datasource that an operator adds; it is never the default, and carries nothing secret. */
const extraDatasource = z.strictObject({
  type: text('the id of a plugin such as "jaeger"', /^[a-z0-9-]+$/).describe('Plugin of the datasource.'),
  uid: uid().describe('Uid by which dashboards refer to it.'),
  url: httpUrl('http://jaeger-query:16686').describe('Where Grafana reaches it.'),
  jsonData: z
    .record(z.string(), z.unknown(), { error: 'must be a section of what the plugin knows' })
    .default({})
    .describe('What the plugin knows besides; nothing secret, as it is in Git.'),
});

/** What an operator knows about the existing Grafana. */
export const grafanaSettings = z
  .strictObject({
    namespace: optional(namespaceName()).describe(
      'Namespace of Grafana, whose sidecar reads datasources there and nowhere else; null is cluster.namespace.',
    ),
    datasourceLabel: labelKey('grafana_datasource')
      .default('grafana_datasource')
      .describe(
        'Label by which the sidecar finds datasources (sidecar.datasources.label of the Grafana chart).',
      ),
    datasourceLabelValue: labelValue('1')
      .default('1')
      .describe('Value of that label (sidecar.datasources.labelValue).'),
    dashboardLabel: labelKey('grafana_dashboard')
      .default('grafana_dashboard')
      .describe('Label by which the sidecar finds dashboards (sidecar.dashboards.label).'),
    dashboardLabelValue: labelValue('1')
      .default('1')
      .describe('Value of that label (sidecar.dashboards.labelValue).'),
    dashboardFolder: optional(
      text('the name of a folder such as "Logs and traces"', /^[^/\s](?:[^/]*[^/\s])?$/, 200),
    ).describe(
      'Folder of the dashboards, for a chart with sidecar.dashboards.folderAnnotation and ' +
        'provider.foldersFromFilesStructure; null is the folder that it puts all others into.',
    ),
    dashboardFolderAnnotation: labelKey('grafana_folder')
      .default('grafana_folder')
      .describe('Annotation that names the folder (sidecar.dashboards.folderAnnotation).'),
    datasourceSuffix: optional(
      text('letters, digits and "-" such as "stack"', /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 13),
    ).describe(
      'Suffix of the datasources of this stack, for a Grafana that has a datasource "Loki" or "Tempo" already: "stack" ' +
        'makes them "Loki (stack)" with the uid loki-stack, and so on. Null is no suffix.',
    ),
    maxLines: count({ atLeast: 10, atMost: 5_000 })
      .default(1_000)
      .describe('Log lines that Grafana asks Loki for in one query.'),
    prometheusUid: uid()
      .default('prometheus')
      .describe(
        'Uid of the existing Prometheus datasource. With a wrong one, panels are empty and jumps to metrics fail.',
      ),
    prometheusUrl: optional(httpUrl('http://prometheus-kube-prometheus-prometheus:9090')).describe(
      `Where Grafana reaches the existing Prometheus, for the datasource ${PROMETHEUS_NAME}; null is port 9090 of the ` +
        'Service prometheus-kube-prometheus-prometheus in networkPolicies.prometheus.namespace.',
    ),
    existingDatasources: z
      .record(datasourceName(), uid(), { error: 'must be a section of uids by name' })
      .default({})
      .describe(
        'Uids of datasources that Grafana has besides Prometheus and Alertmanager, by name, for dashboards and links.',
      ),
    exemplars: z
      .strictObject({
        enabled: flag()
          .default(false)
          .describe(
            `Whether the datasource ${PROMETHEUS_NAME} links exemplars to their traces; needs the feature ` +
              'exemplar-storage of Prometheus.',
          ),
      })
      .prefault({})
      .describe('Exemplars.'),
    datasources: z
      .record(datasourceName(), extraDatasource, {
        error: 'must be a section of datasources by name',
      })
      .default({})
      .describe('More datasources, by name.'),
  })
  .check(
    rule(['datasources', 'existingDatasources', 'prometheusUid'], (settings) => {
      const own = identities(settings);
      const taken = [
        ...own.map(({ name: one }) => one),
        ...['Prometheus', 'Alertmanager'],
        ...Object.keys(settings.existingDatasources),
      ];
      const name = Object.keys(settings.datasources).find((one) => taken.includes(one));
      if (name !== undefined) return `must not name one "${name}", as there is a datasource of that name`;
      const uids: string[] = own.map(({ uid: one }) => one);
      uids.push(...existingUids(settings));
      for (const [extra, { uid: one }] of Object.entries(settings.datasources)) {
        if (uids.includes(one))
          return `must give "${extra}" another uid, as there is a datasource with "${one}"`;
        uids.push(one);
      }
      return undefined;
    }),
    rule(['existingDatasources', 'datasourceSuffix'], (settings) => {
      const existing = Object.entries(settings.existingDatasources).map(([name, one]) => ({
        name,
        uid: one,
      }));
      const clash = existing.find((one) => identities(settings).some((own) => clashes(own, one)));
      return clash === undefined
        ? undefined
        : `must not contain ${clash.name} (uid ${clash.uid}): this stack adds a datasource of that name or uid, and ` +
            'Grafana would not start with both; set grafana.datasourceSuffix, such as "stack"';
    }),
    rule(['datasources', 'existingDatasources', 'prometheusUid'], (settings) => {
      const known = datasourceUids(settings);
      for (const [own, { jsonData }] of Object.entries(settings.datasources)) {
        const unknown = referredUids(jsonData).find((one) => !known.includes(one));
        if (unknown !== undefined)
          return `must not let "${own}" refer to the uid "${unknown}", as there is no such datasource${hint(unknown, known)}`;
      }
      return undefined;
    }),
  )
  .prefault({})
  .describe('The existing Grafana.');

/** The settings, with what other sections say of Grafana and of Prometheus. */
export function completeGrafana(
  settings: z.output<typeof grafanaSettings>,
  existing: {
    readonly cluster: { readonly namespace: string; readonly dnsDomain: string };
    readonly prometheus: { readonly namespace: string };
  },
) {
  const namespace = settings.namespace ?? existing.cluster.namespace;
  const service = { name: 'prometheus-kube-prometheus-prometheus', ...existing.prometheus };
  const host = serviceHost(service, namespace, existing.cluster.dnsDomain);
  const own = ownDatasources(settings.datasourceSuffix);
  return { ...settings, own, namespace, prometheusUrl: settings.prometheusUrl ?? `http://${host}:9090` };
}
export type GrafanaSettings = ReturnType<typeof completeGrafana>;

type ExistingUids = Pick<GrafanaSettings, 'prometheusUid' | 'existingDatasources'>;
type Uids = ExistingUids & Pick<GrafanaSettings, 'datasources' | 'datasourceSuffix'>;

/** Names and uids of the datasources of this product. */
function identities({
  datasourceSuffix,
}: {
  readonly datasourceSuffix?: string | undefined;
}): DatasourceIdentity[] {
  return Object.values(ownDatasources(datasourceSuffix));
}

/** Uids of datasources that Grafana has already: those of kube-prometheus-stack, and those that the values name. */
export function existingUids({ prometheusUid, existingDatasources }: ExistingUids): string[] {
  return [prometheusUid, 'alertmanager', ...Object.values(existingDatasources)];
}

/** Uids of every datasource that Grafana has with these settings. */
export function datasourceUids(settings: Uids): string[] {
  return [
    ...existingUids(settings),
    ...identities(settings).map(({ uid: one }) => one),
    ...Object.values(settings.datasources).map(({ uid: one }) => one),
  ];
}

/** A guess at what was meant. */
export function hint(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess === undefined ? `; there are ${known.join(', ')}` : `; did you mean "${guess}"?`;
}
