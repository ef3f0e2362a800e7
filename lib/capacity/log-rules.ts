import { formatBytes } from '../kubernetes/format-amount';
import { periodsOf } from '../loki/periods';
import { tenantsOf } from '../tenants/tenants';
import { rule } from '../values/rule';
import type { Loaded } from './loaded';
import {
  agentQueueBytes,
  agentsBytesPerDay,
  backlogLines,
  expectedStreams,
  type LogLoad,
  lokiIngestionBytes,
  lokiMemoryBytes,
  lokiMillicores,
  lokiRecentBytes,
  lokiVolumeBytes,
  ofOneReplica,
  streamBurstBytes,
} from './logs';
import {
  AGENT_BYTES_PER_SECOND,
  HEADROOM,
  LOKI,
  LOKI_AWAY_SECONDS,
  MOST_LOGS_PER_DAY,
  PEAK,
} from './measured';
import { volumeProblem } from './volume-problem';

/** Settings from which the number of streams is estimated. */
const STREAM_FACTS = [
  'cluster.nodes',
  'cluster.podsPerNode',
  'cluster.containersPerPod',
  'cluster.newPodsPerHour',
  'logs.labels',
  'capacity.activeStreams',
] as const;

/** A rule that applies only with Loki. */
const logRule = (
  [first, ...others]: readonly [string, ...string[]],
  problem: (settings: Loaded) => string | undefined,
) =>
  rule<Loaded>([first, ...others, 'loki.enabled'], (settings) =>
    settings.loki.enabled ? problem(settings) : undefined,
  );

/** Rules for Loki sizes and limits that are too small for the logs of the cluster. */
export const LOG_RULES = [
  logRule(['loki.limits.maxStreams', ...STREAM_FACTS], (settings) => {
    const { limits } = settings.loki;
    const { cluster, logs, capacity } = settings;
    if (capacity.activeStreams !== undefined) {
      const needed = Math.ceil(capacity.activeStreams * HEADROOM);
      return limits.maxStreams < needed
        ? `must be at least ${needed}, 25% more than capacity.activeStreams`
        : undefined;
    }
    const { most } = expectedStreams(cluster, logs.labels);
    if (most <= limits.maxStreams) return undefined;
    const { nodes, podsPerNode, containersPerPod, newPodsPerHour } = cluster;
    const outputs = logs.labels.includes('stream') ? ' × 2 outputs' : '';
    const fewer = expectedStreams(
      cluster,
      logs.labels.filter((label) => label !== 'stream'),
    ).most;
    const jobs = newPodsPerHour > 0 ? `, plus ${newPodsPerHour} new pods per hour` : '';
    return (
      `must be at least ${most}: ${nodes} nodes × ${podsPerNode} pods × ${containersPerPod} containers${outputs}, ` +
      `twice while all pods are replaced${jobs}` +
      (outputs === '' ? '' : `; without stream in logs.labels ${fewer} are enough`)
    );
  }),

  logRule(
    ['loki.resources.memoryLimit', 'loki.limits.maxStreams', 'loki.replicas', 'loki.patterns'],
    ({ loki }) => {
      const load = { logsPerDay: 0, streams: loki.limits.maxStreams };
      const needed = lokiMemoryBytes(ofOneReplica(load, loki), loki);
      return loki.resources.memoryLimit.value < needed
        ? `must be at least ${formatBytes(needed)} for the ${loki.limits.maxStreams} streams of loki.limits.maxStreams; with less, Loki runs out of memory before it rejects a stream`
        : undefined;
    },
  ),

  logRule(
    [
      'loki.resources.memoryLimit',
      'tenants',
      'loki.tenantLimits',
      'loki.limits.maxStreams',
      'loki.replicas',
      'loki.patterns',
    ],
    ({ loki, tenants }) => {
      const names = tenantsOf(tenants).map(({ name }) => name);
      const streams = names.reduce(
        (sum, name) => sum + (loki.tenantLimits[name]?.maxStreams ?? loki.limits.maxStreams),
        0,
      );
      const needed = lokiMemoryBytes(ofOneReplica({ logsPerDay: 0, streams }, loki), loki);
      return names.length > 0 && loki.resources.memoryLimit.value < needed
        ? `must be at least ${formatBytes(needed)} for the ${streams} streams that ${names.length} tenants may have together; or set loki.tenantLimits.<tenant>.maxStreams to less than loki.limits.maxStreams (${loki.limits.maxStreams})`
        : undefined;
    },
  ),

  logRule(
    ['loki.resources.memoryLimit', 'capacity.logsPerDay', 'loki.replicas', 'loki.patterns', ...STREAM_FACTS],
    ({ loki, ...settings }) => {
      const load = logLoad(settings);
      if (load === undefined) return undefined;
      const needed = lokiMemoryBytes(ofOneReplica(load, loki), loki);
      return loki.resources.memoryLimit.value < needed
        ? `must be at least ${formatBytes(needed)} for ${settings.capacity.logsPerDay} of logs per day (capacity.logsPerDay) in ${load.streams} streams`
        : undefined;
    },
  ),

  logRule(
    [
      'loki.storage.size',
      'capacity.logsPerDay',
      'loki.retention',
      'loki.storage.type',
      'loki.periods',
      'loki.replicas',
      ...STREAM_FACTS,
    ],
    ({ loki, ...settings }) => {
      const load = logLoad(settings);
      if (load === undefined) return undefined;
      if (periodsOf(loki).every(({ store }) => store !== 'filesystem')) {
        const needed = lokiRecentBytes(ofOneReplica(load, loki), loki.retention.seconds / 3600);
        return loki.storage.size.value < needed
          ? `must be at least ${Math.ceil(needed / 2 ** 30)}Gi for the write-ahead log and the index of ${settings.capacity.logsPerDay} of logs a day (capacity.logsPerDay) in ${load.streams} streams`
          : undefined;
      }
      return volumeProblem({
        size: loki.storage.size.value,
        retention: { time: loki.retention, stepHours: 24, setting: 'loki.retention' },
        needed: (hours) => lokiVolumeBytes(load, hours),
        load: `${settings.capacity.logsPerDay} of logs per day (capacity.logsPerDay) in ${load.streams} streams`,
      });
    },
  ),

  logRule(
    ['loki.limits.ingestionRate', 'cluster.nodes', 'capacity.logsPerDay', 'logs.agent'],
    ({ loki, ...settings }) => {
      const needed = lokiIngestionBytes(settings);
      const perNode = formatBytes(LOKI.agentBytes[settings.logs.agent]);
      return loki.limits.ingestionRate !== undefined && loki.limits.ingestionRate.value < needed
        ? `must be at least ${formatBytes(needed)}, ${perNode} per node (cluster.nodes, logs.agent) and ${PEAK} times the average of capacity.logsPerDay; null derives it`
        : undefined;
    },
  ),

  logRule(
    [
      'loki.limits.ingestionBurst',
      'loki.limits.ingestionRate',
      'cluster.nodes',
      'capacity.logsPerDay',
      'logs.agent',
    ],
    ({ loki: { limits }, ...settings }) => {
      const rate = limits.ingestionRate?.value ?? lokiIngestionBytes(settings);
      return limits.ingestionBurst !== undefined && limits.ingestionBurst.value < rate
        ? `must be at least loki.limits.ingestionRate (${formatBytes(rate)})`
        : undefined;
    },
  ),

  logRule(['capacity.logsPerDay', 'loki.replicas'], ({ capacity: { logsPerDay }, loki: { replicas } }) => {
    const most = MOST_LOGS_PER_DAY[replicas];
    if (logsPerDay === undefined || logsPerDay.value <= most) return undefined;
    const beyond =
      replicas < 5
        ? 'beyond it, set loki.replicas to 3 or 5 (docs/object-storage.md)'
        : 'beyond it, run Loki in microservices mode (https://grafana.com/docs/loki/v3.7.x/get-started/deployment-modes/)';
    return `must be at most ${formatBytes(most)}, the maximum that this product runs on ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} of Loki (loki.replicas); ${beyond}`;
  }),

  logRule(
    ['loki.resources.cpu', 'capacity.logsPerDay', 'loki.replicas'],
    ({ loki, capacity: { logsPerDay } }) => {
      const needed =
        logsPerDay &&
        Math.ceil(
          lokiMillicores(ofOneReplica({ logsPerDay: logsPerDay.value, streams: 0 }, loki).logsPerDay),
        );
      return needed && loki.resources.cpu.value * 1000 < needed
        ? `must be at least ${needed}m for ${logsPerDay} of logs per day (capacity.logsPerDay)`
        : undefined;
    },
  ),

  logRule(
    ['capacity.logsPerDay', 'cluster.nodes', 'logs.agent'],
    ({ cluster: { nodes }, capacity: { logsPerDay }, logs: { agent } }) => {
      if (agent === 'none') return undefined;
      const most = agentsBytesPerDay(nodes, agent);
      return logsPerDay !== undefined && logsPerDay.value > most
        ? `must be at most ${formatBytes(most)} for ${nodes} nodes (cluster.nodes): one agent reads ` +
            `${formatBytes(AGENT_BYTES_PER_SECOND[agent])} per second, and peak load is ${PEAK} times the average; ` +
            'exclude noisy namespaces (logs.excludedNamespaces)'
        : undefined;
    },
  ),

  logRule(
    ['otelAgent.queue.size', 'capacity.logsPerDay', 'cluster.nodes', 'logs.agent'],
    ({ cluster: { nodes }, capacity: { logsPerDay }, logs: { agent }, otelAgent: { queue } }) => {
      if (agent !== 'otel' || logsPerDay === undefined) return undefined;
      const needed = agentQueueBytes(logsPerDay.value, nodes);
      return queue.size.value < needed
        ? `must be at least ${formatBytes(needed)}, the logs of ${LOKI_AWAY_SECONDS / 60} minutes at peak load on one of ${nodes} nodes`
        : undefined;
    },
  ),

  logRule(['loki.limits.streamRate', 'capacity.busiestStream'], ({ loki, capacity }) =>
    capacity.busiestStream !== undefined && loki.limits.streamRate.value < capacity.busiestStream.value
      ? `must be at least capacity.busiestStream (${capacity.busiestStream}); with less, Loki drops lines of that stream`
      : undefined,
  ),

  logRule(
    [
      'loki.limits.streamBurst',
      'loki.limits.streamRate',
      'loki.limits.maxLineSize',
      'monitoring.alerts.agentLag',
      'logs.agent',
      'logs.otlp.enabled',
      'otelAgent.queue.size',
      'tracing.sampling',
      'tracing.firstTier.replicas',
    ],
    (settings) => {
      const { streamBurst } = settings.loki.limits;
      const needed = streamBurstBytes(settings);
      return streamBurst !== undefined && streamBurst.value < needed
        ? `must be at least ${formatBytes(needed)}, the largest of streamRate, maxLineSize and the size ` +
            `of a container's log files (5.6 times monitoring.alerts.agentLag)${settings.logs.agent === 'otel' ? ' and of the queue (otelAgent.queue.size)' : ''}${settings.logs.otlp.enabled ? ' and of the log queues of the collectors (32Mi each)' : ''}; null derives it`
        : undefined;
    },
  ),

  logRule(['promtail.rateLimit.burst', 'monitoring.alerts.agentLag'], ({ promtail, monitoring }) => {
    const needed = backlogLines(monitoring);
    return promtail.rateLimit.burst !== undefined && promtail.rateLimit.burst < needed
      ? `must be at least ${needed}, the number of short lines in a container's log files (4 times monitoring.alerts.agentLag); null derives it`
      : undefined;
  }),
];

/** The load of Loki; undefined if the values do not specify it. */
function logLoad({
  cluster,
  capacity,
  logs,
}: Pick<Loaded, 'cluster' | 'capacity' | 'logs'>): LogLoad | undefined {
  if (capacity.logsPerDay === undefined) return undefined;
  const streams = capacity.activeStreams ?? expectedStreams(cluster, logs.labels).usual;
  return { logsPerDay: capacity.logsPerDay.value, streams };
}
