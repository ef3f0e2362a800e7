import type { Construct } from 'constructs';
import type { NamedPort } from '../constructs/ports';
import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import { LogAgent, type LogAgentSurroundings } from '../logs/log-agent';
import { promtailAlerts } from './alerts';
import { HTTP_PORT, POSITIONS_DIRECTORY, promtailConfig } from './config';
import type { PromtailSettings } from './settings';

const NAME = 'promtail';
const CONFIG_PATH = '/etc/promtail/promtail.yaml';
const HTTP: NamedPort = { name: 'http', port: HTTP_PORT, appProtocol: 'http' };

/** Properties of {@link Promtail}. */
export interface PromtailProps extends LogAgentSurroundings {
  /** Settings of Promtail. */
  readonly settings: PromtailSettings;
  /** Where log lines are sent to. */
  readonly pushUrl: string;
  /** Size up to which a log line is sent whole. */
  readonly maxLineSize: Quantity;
  /** Age from which on Loki rejects a line. */
  readonly retention: Duration;
}

/** Promtail as the log agent. */
export class Promtail extends LogAgent {
  constructor(scope: Construct, id: string, props: PromtailProps) {
    const { settings, cluster, images, monitoring } = props;
    super(scope, id, {
      kind: 'promtail',
      name: NAME,
      settings,
      cluster,
      images,
      monitoring,
      config: {
        path: CONFIG_PATH,
        content: promtailConfig(settings, { ...props, clusterName: cluster.name }),
      },
      args: [`-config.file=${CONFIG_PATH}`],
      metrics: HTTP,
      health: { port: HTTP, readyPath: '/ready' },
      state: { volume: 'positions', directory: POSITIONS_DIRECTORY },
      // Promtail asks the API server for the pods of the node that this names, and no others.
      nodeNameVariable: 'HOSTNAME',
      alerts: promtailAlerts({ name: NAME, namespace: cluster.namespace }, monitoring.alerts),
      runbook: 'lib/promtail/runbook.md',
    });
  }
}
