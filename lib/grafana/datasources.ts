import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { renderYaml } from '../constructs/config-file';
import { resourceLabels } from '../constructs/labels';
import type { Duration } from '../kubernetes/duration';
import { type Datasource, PROVISIONED, provisioningFile } from './datasource';
import { lokiDatasource } from './loki-datasource';
import { prometheusDatasource } from './prometheus-datasource';
import { existingUids, type GrafanaSettings } from './settings';
import { tempoDatasource } from './tempo-datasource';

const NAME = 'grafana-datasources-logs-and-traces';

/**
 * Key of the Secret, and with it the name of the file in Grafana. Not
 * `datasource.yaml`: kube-prometheus-stack owns that, and the sidecar would
 * overwrite the file with the existing Prometheus in it. Not ending in `.url`:
 * the sidecar would fetch it. Never another name either: server-side data of
 * the old key would stay in the Secret, and Grafana would read both.
 */
const FILE_NAME = 'logs-and-traces.yaml';

/** Properties of {@link Datasources}. */
export interface DatasourcesProps {
  /** Settings of the existing Grafana. */
  readonly settings: GrafanaSettings;
  /** Time that a query of Loki may take. */
  readonly lokiQueryTimeout: Duration;
  /** Where Grafana reaches Loki. */
  readonly lokiUrl: string;
  /** Where Grafana reaches Tempo. */
  readonly tempoUrl: string;
  /** How often Prometheus asks for metrics. */
  readonly scrapeInterval: Duration;
  /** Whether Prometheus has metrics of spans; without them the jumps to them would be empty. */
  readonly spanMetrics: boolean;
  /** Whether logs, spans and metrics have the name of their cluster. */
  readonly hasClusterName: boolean;
}

/**
 * Loki and Tempo as datasources of the existing Grafana, whose sidecar picks
 * them up by a label. Nothing in them is secret; a Secret is what the sidecar
 * of every version of the chart reads.
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
      // Plain text, so that a review sees what Grafana will read.
      stringData: { [FILE_NAME]: renderYaml(file) },
    });
  }
}

function datasources(props: DatasourcesProps) {
  const { settings, lokiQueryTimeout, lokiUrl, tempoUrl, scrapeInterval, spanMetrics, hasClusterName } =
    props;
  const { own, maxLines, prometheusUid, prometheusUrl } = settings;
  const list: Datasource[] = [
    lokiDatasource({
      own,
      url: lokiUrl,
      maxLines,
      timeoutSeconds: lokiQueryTimeout.seconds,
      hasClusterName,
    }),
    tempoDatasource({
      own,
      url: tempoUrl,
      meterUid: spanMetrics ? prometheusUid : undefined,
      scrapeInterval,
      hasClusterName,
    }),
    prometheusDatasource({ own, url: prometheusUrl, scrapeInterval, exemplars: settings.exemplars.enabled }),
  ];
  for (const [name, extra] of Object.entries(settings.datasources)) {
    list.push({ name, ...extra, ...PROVISIONED });
  }
  return list;
}
