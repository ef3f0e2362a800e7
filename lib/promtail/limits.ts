import type { Limit } from '../monitoring/limit';

/**
 * Every limit of Promtail that can reject, truncate or drop lines.
 *
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/configuration/
 */
export const PROMTAIL_LIMITS: readonly Limit[] = [
  {
    key: 'limits_config.max_line_size',
    beyond: 'Truncates the line',
    setting: 'loki.limits.maxLineSize',
    reason: 'Loki would truncate at the same size.',
  },
  {
    key: 'limits_config.readline_rate',
    beyond: 'Delays or drops lines of the node',
    upstreamDefault: '10000',
    reason: 'Off (readline_rate_enabled): one noisy container would stop the others.',
  },
  {
    key: 'limits_config.readline_burst',
    beyond: 'Delays or drops lines of the node',
    upstreamDefault: '10000',
    reason: 'As for limits_config.readline_rate.',
  },
  {
    key: 'limits_config.max_streams',
    beyond: 'Drops lines of new streams',
    upstreamDefault: '0',
    reason: '0 is no limit; loki.limits.maxStreams is the limit.',
  },
  {
    key: 'clients.*.batchsize',
    beyond: 'Begins a new push',
    reason: 'Nothing is lost.',
  },
  {
    key: 'clients.*.timeout',
    beyond: 'Sends the push again',
    alerts: ['PromtailPushFails'],
  },
  {
    key: 'clients.*.backoff_config.max_retries',
    beyond: 'Drops the push',
    alerts: ['PromtailPushFails'],
    reason: '0: Promtail sends again without end.',
  },
  {
    key: 'clients.*.drop_rate_limited_batches',
    beyond: 'Drops a push that Loki answers with 429',
    alerts: ['LokiRejectsNewStreams', 'LokiLimitsStream', 'LokiRateLimited'],
    reason:
      'Loki has stored all streams but those above a limit; the agent would hold up the whole node to send these again.',
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.drop.older_than',
    beyond: 'Drops older lines, counted as too_old',
    setting: 'loki.retention',
    reason: 'A new agent reads old files from their start; Loki would reject the lines.',
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.limit.rate',
    beyond: 'Drops further lines of the container, once it has used up the burst',
    setting: 'promtail.rateLimit.linesPerSecond',
    alerts: ['PromtailLimitsContainer'],
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.limit.burst',
    beyond: 'Drops lines of the container above the rate',
    setting: 'promtail.rateLimit.burst',
    alerts: ['PromtailLimitsContainer'],
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.limit.max_distinct_labels',
    beyond: 'Starts the counts of all containers anew',
    reason: 'Far more log files than a node has.',
  },
  {
    key: 'scrape_configs.*.journal.max_age',
    beyond: 'Skips older entries of the journal of the node',
    upstreamDefault: '7h',
    reason:
      'Set to 12h with logs.nodeJournal. Only where a new agent starts; later it continues at its position.',
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.cri.max_partial_lines',
    beyond: 'Sends what there is of lines that the runtime has split',
    setting: 'promtail.resources.memoryLimit',
    reason: 'As many as half of the memory limit holds.',
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.cri.max_partial_line_size',
    beyond: 'Truncates the line',
    setting: 'loki.limits.maxLineSize',
    reason: 'As for limits_config.max_line_size.',
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.multiline.max_lines',
    beyond: 'Starts a new entry',
    setting: 'logs.multiline.maxLines',
  },
  {
    key: 'scrape_configs.*.pipeline_stages.*.multiline.max_wait_time',
    beyond: 'Sends the entry. Later lines start a new one',
    setting: 'logs.multiline.maxWait',
  },
];
