import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import { POD_LOGS_DIRECTORY } from '../logs/pod-logs';
import { pipelineStages } from './pipeline';
import { relabelConfigs } from './relabel';
import type { PromtailSettings } from './settings';

/** Port of Promtail's own metrics and readiness endpoint. */
export const HTTP_PORT = 3101;

/** Where Promtail remembers how far it has read each file; on the node's disk, to outlive a reboot. */
export const POSITIONS_DIRECTORY = '/var/lib/promtail';

/**
 * Builds `promtail.yaml`.
 *
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/configuration/
 */
export function promtailConfig(
  settings: PromtailSettings,
  target: { pushUrl: string; maxLineSize: Quantity; retention: Duration; clusterName: string | undefined },
) {
  const maxLineBytes = Math.ceil(target.maxLineSize.value);
  return {
    server: {
      http_listen_port: HTTP_PORT,
      // Nobody speaks gRPC to Promtail, which listens for it nevertheless: at a random port of every address.
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: 0,
      log_level: settings.logLevel,
    },
    positions: {
      filename: `${POSITIONS_DIRECTORY}/positions.yaml`,
      // Lines read since the last write are read, and sent, again after a kill.
      sync_period: '2s',
      ignore_invalid_yaml: true,
    },
    clients: [
      {
        url: target.pushUrl,
        batchwait: '1s',
        batchsize: 2 ** 20,
        timeout: '30s',
        // 0 retries without end; the default gives up after 6 to 8 minutes and drops the lines. A long pause
        // between tries would keep files from being read when Loki is back already.
        backoff_config: { min_period: '500ms', max_period: '5s', max_retries: 0 },
        // Loki answers 429 for one stream above its limits, and has stored all others. Sending the batch again would hold
        // up every container of the node, for as long as that stream is above.
        drop_rate_limited_batches: true,
      },
    ],
    limits_config: { max_line_size: maxLineBytes, max_line_size_truncate: true },
    target_config: { sync_period: '10s' },
    scrape_configs: [
      {
        job_name: 'kubernetes-pods',
        // Promtail itself adds that the pod must run on the node of the variable HOSTNAME.
        kubernetes_sd_configs: [{ role: 'pod' }],
        relabel_configs: relabelConfigs(settings, POD_LOGS_DIRECTORY, target.clusterName),
        pipeline_stages: pipelineStages(settings, { ...target, maxLineBytes }),
      },
    ],
  } as const;
}
