import type { Construct } from 'constructs';
import type { NamedPort } from '../constructs/ports';
import { destinationAccess } from '../destinations/destination';
import { LogAgent, type LogAgentSurroundings } from '../logs/log-agent';
import { otelAgentAlerts } from './alerts';
import { FEATURE_GATES, type LogStores, otelAgentConfig, PORTS, STATE_DIRECTORY } from './config';
import { NODE_NAME_VARIABLE } from './labels';
import type { OtelAgentSettings } from './settings';

const NAME = 'otel-agent';
const CONFIG_PATH = '/etc/otelcol/agent.yaml';

/** Properties of {@link OtelAgent}. */
export interface OtelAgentProps extends LogAgentSurroundings {
  /** Settings of the agent. */
  readonly settings: OtelAgentSettings;
  /** Where lines go. */
  readonly stores: LogStores;
}

/** The OpenTelemetry Collector as the log agent. Traces use a separate collector. */
export class OtelAgent extends LogAgent {
  constructor(scope: Construct, id: string, props: OtelAgentProps) {
    const { settings, cluster, images, monitoring } = props;
    const metrics: NamedPort = { name: 'metrics', port: PORTS.metrics, appProtocol: 'http' };
    super(scope, id, {
      kind: 'otel',
      name: NAME,
      settings,
      cluster,
      images,
      monitoring,
      config: {
        path: CONFIG_PATH,
        content: otelAgentConfig(settings, props.stores, cluster.name),
      },
      args: [`--config=${CONFIG_PATH}`, `--feature-gates=${FEATURE_GATES.join(',')}`],
      metrics,
      health: { port: { name: 'health', port: PORTS.health }, readyPath: '/', alivePath: '/' },
      state: { volume: 'state', directory: STATE_DIRECTORY },
      access: destinationAccess(props.stores.destinations),
      nodeNameVariable: NODE_NAME_VARIABLE,
      alerts: otelAgentAlerts({ name: NAME, namespace: cluster.namespace }),
      runbook: 'lib/otel-agent/runbook.md',
    });
  }
}
