import type { Limit } from '../monitoring/limit';

const OPEN_ENTRIES = 'Far more streams than a node has.';
const LINE_REASON = 'Loki truncates the line at half of it (loki.limits.maxLineSize).';

/**
 * Every limit of the OpenTelemetry Collector as the log agent that can reject, truncate or drop lines.
 *
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.158.0/receiver/filelogreceiver
 */
export const OTEL_AGENT_LIMITS: readonly Limit[] = [
  {
    key: 'receivers.*.max_log_size',
    beyond: 'Reads the rest as a separate line',
    reason: 'Container runtimes write lines of at most 16 KiB.',
  },
  {
    key: 'receivers.*.max_concurrent_files',
    beyond: 'Reads the other files afterwards',
    reason: 'Of each of eight receivers. Nothing is lost.',
  },
  {
    key: 'receivers.*.force_flush_period',
    beyond: 'Treats a line without its end as complete',
    reason: '0s: the agent waits for the end of a line.',
  },
  {
    key: 'receivers.*.retry_on_failure.max_elapsed_time',
    beyond: 'Drops lines that the pipeline rejects',
    reason: '0s: the agent retries without end.',
  },
  {
    key: 'receivers.*.operators.*.max_log_size',
    beyond: 'Starts a new entry',
    setting: 'loki.limits.maxLineSize',
    reason: LINE_REASON,
  },
  {
    key: 'receivers.*.operators.*.max_batch_size',
    beyond: 'Starts a new entry',
    setting: 'logs.multiline.maxLines',
  },
  {
    key: 'receivers.*.operators.*.max_unmatched_batch_size',
    beyond: 'Sends lines before the first entry separately',
    reason: 'They are the end of an entry that was sent before.',
  },
  {
    key: 'receivers.*.operators.*.max_sources',
    beyond: 'Sends all open entries',
    reason: OPEN_ENTRIES,
  },
  {
    key: 'receivers.*.operators.*.force_flush_period',
    beyond: 'Sends the entry. Later lines start a new one',
    setting: 'logs.multiline.maxWait',
  },
  {
    key: 'processors.memory_limiter.limit_mib',
    beyond: 'Rejects lines, which the agent retries',
    setting: 'otelAgent.resources.memoryLimit',
  },
  {
    key: 'processors.memory_limiter.spike_limit_mib',
    beyond: 'Rejects lines, which the agent retries',
    setting: 'otelAgent.resources.memoryLimit',
  },
  {
    key: 'processors.k8s_attributes.wait_for_metadata_timeout',
    beyond: 'Stops the agent, which is restarted',
    alerts: ['OtelAgentMissingOnNode'],
    reason: 'Without pods from the API server, lines have no app label.',
  },
  {
    key: 'exporters.otlp_grpc/loki.sending_queue.queue_size',
    beyond: 'Stops reading. Lines that a node rotates away in the meantime are lost',
    setting: 'otelAgent.queue.size',
    alerts: ['OtelAgentQueueFillingUp'],
  },
  {
    key: 'exporters.otlp_grpc/loki.sending_queue.batch.max_size',
    beyond: 'Splits the request',
    reason: 'Nothing is lost.',
  },
  {
    key: 'exporters.otlp_grpc/loki.retry_on_failure.max_elapsed_time',
    beyond: 'Drops the request',
    alerts: ['OtelAgentQueueFillingUp'],
    reason: '0s: the agent retries without end.',
  },
  {
    key: 'exporters.otlp_grpc/loki.timeout',
    beyond: 'Retries the request',
    alerts: ['OtelAgentQueueFillingUp'],
  },
  {
    key: 'receivers.otlp/loki.protocols.grpc.max_recv_msg_size_mib',
    beyond: 'Drops the request',
    reason: 'Twice a batch plus twice the longest line.',
  },
  {
    key: 'exporters.otlp_http/loki.timeout',
    beyond: 'Retries the request',
    alerts: ['OtelAgentQueueFillingUp'],
  },
];
