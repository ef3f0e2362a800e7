import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { renderYaml } from '../kubernetes/config-file';
import { resourceLabels } from '../kubernetes/labels';
import type { Duration } from '../values/duration';
import { type Datasource, provisioningFile } from './datasource';
import type { GrafanaSettings } from './settings';

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
  /** Namespace of the existing Grafana. */
  readonly namespace: string;
  /** Time that a query of Loki may take. */
  readonly lokiQueryTimeout: Duration;
  /** Where Grafana reaches Loki. */
  readonly lokiUrl: string;
  /** Where Grafana reaches Tempo. */
  readonly tempoUrl: string;
}

/**
 * Loki and Tempo as datasources of the existing Grafana, whose sidecar picks
 * them up by a label. Nothing in them is secret; a Secret is what the sidecar
 * of every version of the chart reads.
 */
export class Datasources extends Construct {
  constructor(scope: Construct, id: string, props: DatasourcesProps) {
    super(scope, id);

    const { settings, namespace } = props;
    new k8s.KubeSecret(this, 'Secret', {
      metadata: {
        name: NAME,
        namespace,
        labels: {
          [settings.datasourceLabel]: settings.datasourceLabelValue,
          ...resourceLabels(NAME, 'datasources'),
        },
      },
      type: 'Opaque',
      // Plain text, so that a review sees what Grafana will read.
      stringData: {
        [FILE_NAME]: renderYaml(provisioningFile([lokiDatasource(props), tempoDatasource(props)])),
      },
    });
  }
}

const PROVISIONED = { access: 'proxy', isDefault: false, editable: false } as const;

function lokiDatasource({ settings, lokiUrl, lokiQueryTimeout }: DatasourcesProps): Datasource {
  return {
    name: 'Loki',
    type: 'loki',
    uid: 'loki',
    url: lokiUrl,
    ...PROVISIONED,
    jsonData: { maxLines: settings.maxLines, timeout: lokiQueryTimeout.seconds },
  };
}

function tempoDatasource({ tempoUrl }: DatasourcesProps): Datasource {
  return {
    name: 'Tempo',
    type: 'tempo',
    uid: 'tempo',
    url: tempoUrl,
    ...PROVISIONED,
    jsonData: { timeout: 120, search: { hide: false }, streamingEnabled: { search: true, metrics: true } },
  };
}
