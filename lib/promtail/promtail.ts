import type { Construct } from 'constructs';
import type { NamedPort } from '../constructs/ports';
import { destinationAccess, hasOthers, type LogDestination } from '../destinations/destination';
import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import { LogAgent, type LogAgentSurroundings } from '../logs/log-agent';
import type { Tenant } from '../tenants/tenants';
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
  /** What receives the log lines. */
  readonly destinations: readonly LogDestination[];
  /** Tenants of the stores. */
  readonly tenants: readonly Tenant[];
  /** Maximum size of a log line that is sent in full. */
  readonly maxLineSize: Quantity;
  /** Age at which Loki rejects a line. */
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
      access: destinationAccess(props.destinations),
      reads: settings.nodeJournal.enabled
        ? [{ volume: 'journal', directory: settings.nodeJournal.directory }]
        : [],
      // Promtail requests only the pods of this node from the API server.
      nodeNameVariable: 'HOSTNAME',
      alerts: promtailAlerts(
        { name: NAME, namespace: cluster.namespace },
        monitoring.alerts,
        hasOthers(props.destinations),
        settings.nodeJournal.enabled,
      ),
      runbook: 'lib/promtail/runbook.md',
    });
  }
}
