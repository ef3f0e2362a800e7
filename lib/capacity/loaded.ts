import type { z } from 'zod';
import type { ClusterSettings } from '../cluster/settings';
import type { Quantity } from '../kubernetes/quantity';
import type { LogsSettings } from '../logs/settings';
import type { lokiSettings } from '../loki/settings';
import type { otelAgentSettings } from '../otel-agent/settings';
import type { promtailSettings } from '../promtail/settings';
import type { tempoSettings } from '../tempo/settings';
import type { TenantsSettings } from '../tenants/settings';
import type { tracingSettings } from '../tracing/settings';
import type { CapacitySettings } from './settings';

/** The settings that depend on the load. */
export interface Loaded {
  readonly cluster: ClusterSettings;
  readonly capacity: CapacitySettings;
  readonly loki: z.output<typeof lokiSettings>;
  readonly tempo: z.output<typeof tempoSettings>;
  readonly tracing: z.output<typeof tracingSettings>;
  readonly logs: LogsSettings;
  readonly tenants: TenantsSettings;
  readonly otelAgent: z.output<typeof otelAgentSettings>;
  readonly promtail: z.output<typeof promtailSettings>;
  readonly monitoring: { readonly alerts: { readonly agentLag: Quantity } };
}
