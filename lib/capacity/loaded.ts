import type { z } from 'zod';
import type { ClusterSettings } from '../cluster/settings';
import type { LokiSettings } from '../loki/settings';
import type { PromtailSettings } from '../promtail/settings';
import type { tempoSettings } from '../tempo/settings';
import type { TracingSettings } from '../tracing/settings';
import type { CapacitySettings } from './settings';

/** The settings that depend on the load. */
export interface Loaded {
  readonly cluster: ClusterSettings;
  readonly capacity: CapacitySettings;
  readonly loki: LokiSettings;
  readonly tempo: z.output<typeof tempoSettings>;
  readonly tracing: TracingSettings;
  readonly promtail: PromtailSettings;
}
