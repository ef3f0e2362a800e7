import type { Limit } from '../monitoring/limit';

/**
 * Every limit of the collector of Kubernetes events that can drop events.
 *
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export const EVENT_COLLECTOR_LIMITS: readonly Limit[] = [
  {
    key: 'exporters.otlp_grpc/loki.sending_queue.queue_size',
    beyond: 'Drops events',
    alerts: ['EventQueueFillingUp', 'EventsLost'],
    reason: 'About 100,000 events: days of a cluster with 1,000 pods.',
  },
  {
    key: 'exporters.otlp_grpc/loki.sending_queue.batch.max_size',
    beyond: 'Splits the request',
    reason: 'Nothing is lost.',
  },
  {
    key: 'exporters.otlp_grpc/loki.retry_on_failure.max_elapsed_time',
    beyond: 'Drops the request',
    alerts: ['EventQueueFillingUp'],
    reason: '0s: the collector retries without end.',
  },
  {
    key: 'exporters.otlp_grpc/loki.timeout',
    beyond: 'Retries the request',
    alerts: ['EventQueueFillingUp'],
  },
  {
    key: 'receivers.otlp/loki.protocols.grpc.max_recv_msg_size_mib',
    beyond: 'Drops the request',
    reason: 'Four batches.',
  },
  {
    key: 'exporters.otlp_http/loki.timeout',
    beyond: 'Retries the request',
    alerts: ['EventQueueFillingUp'],
  },
];
