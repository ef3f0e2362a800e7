import { relayFindings } from '../collector/relays';
import { at } from '../kubernetes/json';
import type { ComponentReview, ConfigRule } from '../review/component-review';
import { key, limit, protection, retries } from '../review/config-rules';

const queue = (...keys: string[]) => keys.map((one) => `exporters.*.sending_queue.${one}`);
const retry = (...keys: string[]) => keys.map((one) => `exporters.*.retry_on_failure.${one}`);

/** The effect of keys in `events.yaml` on events. */
const RULES: readonly ConfigRule[] = [
  ...limit('data-loss', 'events-queue-size', queue('queue_size')),
  ...protection('events-retries', retry('enabled'), true),
  ...retries('events-retry-time', retry('max_elapsed_time'), '5m'),
  ...protection('events-initial-state', ['receivers.*.include_initial_state'], false),
  key('data-loss', 'events-state', ['extensions.*.directory', ...queue('storage'), 'receivers.*.storage']),
  key('data-loss', 'events-selection', [
    'receivers.*.objects.**',
    'processors.*.log_conditions.**',
    'service.pipelines.**',
  ]),
  key('live', 'events-destination', ['exporters.*.endpoint']),
  key('live', 'events-fields', ['processors.*.log_statements.**']),
  key('capacity', 'events-sending', [
    ...queue('num_consumers', 'batch.**'),
    ...retry('initial_interval', 'max_interval'),
    'exporters.*.timeout',
  ]),
  key('live', 'events-log-level', ['service.telemetry.logs.**']),
];

/** The effect of changes to the collector of Kubernetes events. */
export const eventCollectorReview: ComponentReview = {
  texts: 'lib/kubernetes-events/review.md',
  configs: [
    {
      title: 'the event collector',
      matches: (document) => at(document, 'receivers', 'k8s_objects') !== undefined,
      rules: RULES,
      findings: relayFindings,
    },
  ],
};
