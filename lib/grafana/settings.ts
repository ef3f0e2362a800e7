import * as z from 'zod';
import { serviceHost } from '../constructs/service-host';
import { count, flag, httpUrl, labelKey, labelValue, namespaceName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { nearest } from '../values/suggest';
import { referredUids } from './datasource';
import { clashes, type DatasourceIdentity, ownDatasources, PROMETHEUS_NAME } from './own-datasources';

const uid = () => text('a uid of letters, digits, "-" and "_" such as "prometheus"', /^[A-Za-z0-9_-]+$/, 40);

const datasourceName = () => text('the name of a datasource', /^\S(?:.*\S)?$/, 190);

/** A datasource that the user adds. It is never the default and contains no secrets. */
const extraDatasource = z.strictObject({
  type: text('the id of a plugin such as "jaeger"', /^[a-z0-9-]+$/).describe('Plugin of the datasource.'),
  uid: uid().describe('Uid by which dashboards refer to it.'),
  url: httpUrl('http://jaeger-query:16686').describe('Where Grafana reaches it.'),
  jsonData: z
    .record(z.string(), z.unknown(), { error: 'must be a map of plugin settings' })
    .default({})
    .describe('Further settings of the plugin. Git contains them, so they must not be secret.'),
});

/** Facts about the existing Grafana. */
export const grafanaSettings = z
  .strictObject({
    enabled: flag().default(true).describe('Whether to add datasources and dashboards to Grafana.'),
    namespace: optional(namespaceName()).describe(
      'Namespace of Grafana. Its sidecar reads datasources only there. null uses cluster.namespace.',
    ),
    datasourceLabel: labelKey('grafana_datasource')
      .default('grafana_datasource')
      .describe(
        'Label that the sidecar selects for datasources (sidecar.datasources.label of the Grafana chart).',
      ),
    datasourceLabelValue: labelValue('1')
      .default('1')
      .describe('Value of that label (sidecar.datasources.labelValue).'),
    dashboardLabel: labelKey('grafana_dashboard')
      .default('grafana_dashboard')
      .describe('Label that the sidecar selects for dashboards (sidecar.dashboards.label).'),
    dashboardLabelValue: labelValue('1')
      .default('1')
      .describe('Value of that label (sidecar.dashboards.labelValue).'),
    dashboardFolder: optional(
      text('the name of a folder such as "Logs and traces"', /^[^/\s](?:[^/]*[^/\s])?$/, 200),
    ).describe(
      'Folder of the dashboards, for a chart with sidecar.dashboards.folderAnnotation and ' +
        'provider.foldersFromFilesStructure. null uses the folder of all other dashboards.',
    ),
    dashboardFolderAnnotation: labelKey('grafana_folder')
      .default('grafana_folder')
      .describe('Annotation that sets the folder (sidecar.dashboards.folderAnnotation).'),
    datasourceSuffix: optional(
      text('letters, digits and "-" such as "stack"', /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 13),
    ).describe(
      'Suffix of the datasources of this stack, for a Grafana that already has a datasource "Loki" or ' +
        '"Tempo". "stack" renames them to "Loki (stack)" with the uid loki-stack, and so on. null adds ' +
        'no suffix.',
    ),
    maxLines: count({ atLeast: 10, atMost: 5_000 })
      .default(1_000)
      .describe('Maximum number of log lines that Grafana requests from Loki per query.'),
    prometheusUid: uid()
      .default('prometheus')
      .describe(
        'Uid of the existing Prometheus datasource. If it is wrong, panels are empty and links to metrics fail.',
      ),
    prometheusUrl: optional(httpUrl('http://prometheus-kube-prometheus-prometheus:9090')).describe(
      `URL at which Grafana reaches the existing Prometheus, for the datasource ${PROMETHEUS_NAME}. ` +
        'null uses port 9090 of the Service prometheus-kube-prometheus-prometheus in ' +
        'networkPolicies.prometheus.namespace.',
    ),
    existingDatasources: z
      .record(datasourceName(), uid(), { error: 'must be a map of uids by name' })
      .default({})
      .describe(
        'Uids of other existing datasources, besides Prometheus and Alertmanager, by name, for dashboards and links.',
      ),
    exemplars: z
      .strictObject({
        enabled: flag()
          .default(false)
          .describe(
            `Link exemplars of the datasource ${PROMETHEUS_NAME} to their traces. Requires the ` +
              'Prometheus feature exemplar-storage.',
          ),
      })
      .prefault({})
      .describe('Exemplars.'),
    datasources: z
      .record(datasourceName(), extraDatasource, {
        error: 'must be a map of datasources by name',
      })
      .default({})
      .describe('Additional datasources, by name.'),
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
      if (name !== undefined)
        return `must not name one "${name}", because a datasource with that name exists`;
      const uids: string[] = own.map(({ uid: one }) => one);
      uids.push(...existingUids(settings));
      for (const [extra, { uid: one }] of Object.entries(settings.datasources)) {
        if (uids.includes(one)) return `must give "${extra}" another uid, because a datasource has "${one}"`;
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
        : `must not contain ${clash.name} (uid ${clash.uid}), because this stack adds a datasource with ` +
            'that name or uid and Grafana would not start with both; set grafana.datasourceSuffix, such ' +
            'as "stack"';
    }),
    rule(['datasources', 'existingDatasources', 'prometheusUid'], (settings) => {
      const known = datasourceUids(settings);
      for (const [own, { jsonData }] of Object.entries(settings.datasources)) {
        const unknown = referredUids(jsonData).find((one) => !known.includes(one));
        if (unknown !== undefined)
          return `must not let "${own}" refer to the uid "${unknown}", because no datasource has it${hint(unknown, known)}`;
      }
      return undefined;
    }),
  )
  .prefault({})
  .describe('The existing Grafana.');

/** The settings, with values derived from other settings. */
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

/** Uids of existing datasources: those of kube-prometheus-stack, and those in the values. */
export function existingUids({ prometheusUid, existingDatasources }: ExistingUids): string[] {
  return [prometheusUid, 'alertmanager', ...Object.values(existingDatasources)];
}

/** Uids of every datasource in Grafana with these settings. */
export function datasourceUids(settings: Uids): string[] {
  return [
    ...existingUids(settings),
    ...identities(settings).map(({ uid: one }) => one),
    ...Object.values(settings.datasources).map(({ uid: one }) => one),
  ];
}

/** A suggestion for an unknown uid. */
export function hint(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess === undefined ? `; there are ${known.join(', ')}` : `; did you mean "${guess}"?`;
}
