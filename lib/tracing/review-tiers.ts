import { at, type Json } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { DISTRIBUTOR } from './span-distributor';

const distributes = (config: Json) => at(config, 'exporters', DISTRIBUTOR) !== undefined;

/** Sections that move from one collector to the other. */
const MOVED = [
  ...['tail_sampling', 'batch', 'transform/grafana'].map((name) => `processors.${name}`),
  ...['forward/sampling', 'span_metrics', 'service_graph'].map((name) => `connectors.${name}`),
  ...['exporters', 'service.pipelines', 'service.extensions', 'extensions.file_storage/queue'],
];

/** The effect of a second tier of collectors that appears or goes; undefined if there are as many tiers as before. */
export function tierFindings({ old, new: next }: ConfigVersions): ConfigFinding[] | undefined {
  if (distributes(old) === distributes(next)) return undefined;
  const rule = distributes(next) ? 'collector-two-tiers' : 'collector-one-tier';
  return [{ effect: 'restarts', rule, paths: MOVED, whole: MOVED }];
}
