import { Construct } from 'constructs';
import { renderYaml } from '../constructs/config-file';
import { k8s } from '../constructs/k8s';
import { resourceLabels } from '../constructs/labels';
import type { Duration } from '../kubernetes/duration';
import { allTenants, TENANT_HEADER, type Tenant } from '../tenants/tenants';
import { type Datasource, PROVISIONED, provisioningFile } from './datasource';
import { lokiDatasource } from './loki-datasource';
import { type OwnDatasources, ofTenant } from './own-datasources';
import { prometheusDatasource } from './prometheus-datasource';
import { existingUids, type GrafanaSettings } from './settings';
import { tempoDatasource } from './tempo-datasource';

const NAME = 'grafana-datasources-logs-and-traces';

/**
 * Key of the Secret and name of the file in Grafana. Not `datasource.yaml`: kube-prometheus-stack owns that name, and
 * the sidecar would overwrite its file. Not with the ending `.url`: the sidecar would fetch it. Never change it: the
 * old key would remain in the Secret on the server, and Grafana would read both.
 */
const FILE_NAME = 'logs-and-traces.yaml';

/** Properties of {@link Datasources}. */
export interface DatasourcesProps {
  /** Settings of the existing Grafana. */
  readonly settings: GrafanaSettings;
  /** Maximum duration of a Loki query. */
  readonly lokiQueryTimeout: Duration;
  /** URL at which Grafana reaches Loki; undefined if the stack has none. */
  readonly lokiUrl: string | undefined;
  /** URL at which Grafana reaches Tempo; undefined if the stack has none. */
  readonly tempoUrl: string | undefined;
  /** Scrape interval of Prometheus. */
  readonly scrapeInterval: Duration;
  /** Whether Prometheus has span metrics. Without them, links to them would be empty. */
  readonly spanMetrics: boolean;
  /** Whether logs, spans and metrics carry the name of their cluster. */
  readonly hasClusterName: boolean;
  /** Tenants of the stores; none without tenants in the values. */
  readonly tenants: readonly Tenant[];
}

/**
 * Loki and Tempo as datasources of the existing Grafana, whose sidecar selects them by a label. They contain nothing
 * secret, but the sidecar of every chart version reads Secrets.
 */
export class Datasources extends Construct {
  constructor(scope: Construct, id: string, props: DatasourcesProps) {
    super(scope, id);

    const { settings } = props;
    const file = provisioningFile(datasources(props), existingUids(settings));
    new k8s.KubeSecret(this, 'Secret', {
      metadata: {
        name: NAME,
        namespace: settings.namespace,
        labels: {
          [settings.datasourceLabel]: settings.datasourceLabelValue,
          ...resourceLabels(NAME, 'datasources'),
        },
      },
      type: 'Opaque',
      // Plain text, so that a diff shows what Grafana reads.
      stringData: { [FILE_NAME]: renderYaml(file) },
    });
  }
}

function datasources(props: DatasourcesProps) {
  const { settings, lokiQueryTimeout, lokiUrl, tempoUrl, scrapeInterval, spanMetrics, hasClusterName } =
    props;
  const { own, maxLines, prometheusUid, prometheusUrl } = settings;
  const hasTraces = tempoUrl !== undefined;
  const stores = (of: OwnDatasources): Datasource[] => [
    ...(lokiUrl === undefined
      ? []
      : [
          lokiDatasource({
            own: of,
            url: lokiUrl,
            maxLines,
            timeoutSeconds: lokiQueryTimeout.seconds,
            hasTraces,
            hasClusterName,
          }),
        ]),
    ...(tempoUrl === undefined
      ? []
      : [
          tempoDatasource({
            own: of,
            url: tempoUrl,
            meterUid: spanMetrics ? prometheusUid : undefined,
            scrapeInterval,
            hasLogs: lokiUrl !== undefined,
            hasClusterName,
          }),
        ]),
  ];
  const { tenants } = props;
  const list: Datasource[] = [
    // Dashboards query all tenants at once.
    ...stores(own).map((one) =>
      tenants.length === 0 ? one : asTenant(one, allTenants(tenants, one.type === 'loki' ? 'loki' : 'tempo')),
    ),
    ...tenants.flatMap(({ name }) => stores(ofTenant(own, name)).map((one) => asTenant(one, name))),
    prometheusDatasource({
      own,
      url: prometheusUrl,
      scrapeInterval,
      exemplars: settings.exemplars.enabled && hasTraces,
    }),
  ];
  for (const [name, extra] of Object.entries(settings.datasources)) {
    list.push({ name, ...extra, ...PROVISIONED });
  }
  return list;
}

/** The datasource with the header that states whose data it queries. */
function asTenant(datasource: Datasource, tenant: string): Datasource {
  return {
    ...datasource,
    jsonData: { ...datasource.jsonData, httpHeaderName1: TENANT_HEADER },
    secureJsonData: { httpHeaderValue1: tenant },
  };
}
