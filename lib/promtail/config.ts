import { type Destination, fileOf, hasOwnCa, pushUrl } from '../destinations/destination';
import type { Duration } from '../kubernetes/duration';
import type { Quantity } from '../kubernetes/quantity';
import { PARSERS } from '../logs/annotations';
import { POD_LOGS_DIRECTORY } from '../logs/pod-logs';
import { positionsName } from '../logs/since';
import { forRest, type Tenant } from '../tenants/tenants';
import { journalJobs } from './journal';
import { pipelineStages } from './pipeline';
import { relabelConfigs } from './relabel';
import type { PromtailSettings } from './settings';

/** Port of Promtail's own metrics and readiness endpoint. */
export const HTTP_PORT = 3101;

/** Where Promtail stores its position in each file: on the node's disk, to survive a reboot. */
export const POSITIONS_DIRECTORY = '/var/lib/promtail';

/**
 * Builds `promtail.yaml`.
 *
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/configuration/
 */
export function promtailConfig(
  settings: PromtailSettings,
  target: {
    destinations: readonly Destination[];
    maxLineSize: Quantity;
    retention: Duration;
    clusterName: string | undefined;
    tenants: readonly Tenant[];
  },
) {
  const maxLineBytes = Math.ceil(target.maxLineSize.value);
  return {
    server: {
      http_listen_port: HTTP_PORT,
      // No client uses gRPC, but Promtail always listens for it, by default on a random port of every address.
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: 0,
      log_level: settings.logLevel,
    },
    positions: {
      filename: `${POSITIONS_DIRECTORY}/${positionsName(settings)}.yaml`,
      // After a kill, lines read since the last write are read and sent again.
      sync_period: '2s',
      ignore_invalid_yaml: true,
    },
    clients: target.destinations.map((one) => client(forRest(one, target.tenants))),
    limits_config: { max_line_size: maxLineBytes, max_line_size_truncate: true },
    target_config: { sync_period: '10s' },
    scrape_configs: [
      // One job per format that a pod can set, so that a line passes only the stages of its format. All jobs share one
      // watch of the pods.
      ...PARSERS.map((parser) => ({
        job_name: parser === 'auto' ? 'kubernetes-pods' : `kubernetes-pods-${parser}`,
        // Promtail adds the condition that the pod runs on the node in the variable HOSTNAME.
        kubernetes_sd_configs: [{ role: 'pod' }],
        relabel_configs: relabelConfigs(settings, parser, POD_LOGS_DIRECTORY, target.clusterName),
        pipeline_stages: pipelineStages(settings, parser, { ...target, maxLineBytes }),
      })),
      ...journalJobs(settings, target),
    ],
  } as const;
}

/** A client, which holds up the others while its destination is down: all read the same files at one position. */
function client(destination: Destination) {
  const { name, tenant, headers, authentication, isOwn } = destination;
  return {
    ...(isOwn ? {} : { name }),
    url: pushUrl(destination),
    ...(tenant === undefined ? {} : { tenant_id: tenant }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(authentication.type === 'basic'
      ? {
          basic_auth: {
            username_file: fileOf(destination, 'username'),
            password_file: fileOf(destination, 'password'),
          },
        }
      : {}),
    ...(authentication.type === 'bearer'
      ? { authorization: { type: 'Bearer', credentials_file: fileOf(destination, 'token') } }
      : {}),
    ...(hasOwnCa(destination) ? { tls_config: { ca_file: fileOf(destination, 'ca.crt') } } : {}),
    batchwait: '1s',
    batchsize: 2 ** 20,
    timeout: '30s',
    // 0 retries indefinitely. The default gives up after 6 to 8 minutes and drops the lines. A long backoff would
    // delay reading after Loki has recovered.
    backoff_config: { min_period: '500ms', max_period: '5s', max_retries: 0 },
    // Loki returns 429 if one stream exceeds its limits, after storing all others. Retrying the batch would
    // block every container on the node for as long as that stream exceeds them.
    drop_rate_limited_batches: true,
  };
}
