import { listAt, textAt } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { changedSections } from '../review/config-rules';

const DAY_MS = 86_400_000;

/** Keys that make replicas one ring. */
const RING = [
  ...[
    'common.replication_factor',
    'common.ring',
    'common.instance_addr',
    'common.persist_tokens',
    'memberlist',
  ],
  ...['ingester.autoforget_unhealthy', 'ingester.lifecycler'],
  ...[
    'ruler.enable_sharding',
    'server.grpc_listen_address',
    'server.grpc_server_keepalive_time',
    'server.grpc_server_keepalive_timeout',
  ],
];

const copiesOf = (config: unknown) => Number(textAt(config, 'common', 'replication_factor') ?? 3);

/** The day on which the last period that lies on a volume ends; undefined where none does, or none has an end. */
function volumeUntil(config: unknown): string | undefined {
  const periods = listAt(config, 'schema_config', 'configs');
  const ends = periods.flatMap((period, index) =>
    textAt(period, 'object_store') === 'filesystem'
      ? (textAt(periods[index + 1], 'from') ?? '9000-01-01')
      : [],
  );
  return ends.at(-1);
}

/**
 * What a change of the ring does to logs.
 *
 * @param retentionSeconds How long logs were kept until now.
 */
export function ringFindings(versions: ConfigVersions, retentionSeconds: number): ConfigFinding[] {
  const { old, new: next, today } = versions;
  if (changedSections(versions, RING).length === 0) return [];
  const found = (effect: ConfigFinding['effect'], rule: string, says?: string): ConfigFinding[] => [
    { effect, rule, ...(says === undefined ? {} : { says }), paths: RING },
  ];
  const [before, after] = [copiesOf(old), copiesOf(next)];
  if (after < before)
    return found(
      'data-loss',
      'loki-copies-fewer',
      `each line is stored ${after} instead of ${before} times: data that only a removed replica has in memory is lost`,
    );
  if (after === before) return found('live', 'loki-ring');
  const until = volumeUntil(old);
  const first =
    until === undefined
      ? ''
      : new Date(Date.parse(until) + Math.min(retentionSeconds, 1e10) * 1000 + DAY_MS)
          .toISOString()
          .slice(0, 10);
  const isEarly = first > today;
  return isEarly
    ? found(
        'data-loss',
        'loki-replicas-early',
        'logs within the retention are on the volume of one pod, and the replicas return results without them',
      )
    : found(
        'live',
        'loki-replicas-more',
        `each line is stored ${after} times, on replicas with one volume each`,
      );
}
