import { describeAlerts, fires, quiet, scraped } from '../support/alerts';

const promtail = scraped('promtail', { pod: 'promtail-abcde', node: 'node-1' });
const daemonSet = (metric: string, name = 'promtail') =>
  `kube_daemonset_status_${metric}{job="kube-state-metrics",namespace="monitoring",daemonset="${name}"}`;
const MIB = 2 ** 20;

const requests = (status_code: string) =>
  promtail('promtail_request_duration_seconds_count', { host: 'loki:3100', status_code });
const file = { path: '/var/log/pods/apps_shop_1/app/0.log' };
const size = promtail('promtail_file_bytes_total', file);
const read = promtail('promtail_read_bytes_total', file);
const dropped = promtail('promtail_dropped_entries_total', { host: 'loki:3100', reason: 'ingester_error' });

describeAlerts({
  name: 'promtail',
  runbook: 'lib/promtail/runbook.md',
  healthy: {
    [promtail('up')]: '1x60',
    [daemonSet('desired_number_scheduled')]: '3x60',
    [daemonSet('number_ready')]: '3x60',
    [requests('204')]: '0+60x60',
    [requests('-1')]: '11x60',
    [size]: `0+${MIB}x60`,
    [read]: `0 0+${MIB}x60`,
    [dropped]: '7x60',
  },
  situations: {
    PromtailDown: [
      fires('no pod is scraped', {}),
      fires('no pod answers', { [promtail('up')]: '0x60' }),
      quiet('one answers', {
        [promtail('up')]: '1x60',
        [promtail('up', { node: 'node-2', pod: 'promtail-b' })]: '0x60',
      }),
    ],
    PromtailMissingOnNode: [
      fires('one of three nodes has none', {
        [daemonSet('desired_number_scheduled')]: '3x60',
        [daemonSet('number_ready')]: '2x60',
      }),
      quiet('a node joins', {
        [daemonSet('desired_number_scheduled')]: '3x20 4x60',
        [daemonSet('number_ready')]: '3x22 4x60',
      }),
      quiet('another DaemonSet is missing', {
        [daemonSet('desired_number_scheduled', 'other')]: '3x60',
        [daemonSet('number_ready', 'other')]: '2x60',
      }),
    ],
    PromtailUnreachable: [
      fires('that of one node does not answer', {
        [promtail('up')]: '1x60',
        [promtail('up', { node: 'node-2', pod: 'promtail-b' })]: '0x60',
      }),
      quiet('it restarts', { [promtail('up')]: '1x20 0x5 1x60' }),
    ],
    PromtailPushFails: [
      fires('Loki is away', { [requests('204')]: '60x60', [requests('-1')]: '_x10 0+12x60' }),
      fires('Loki refuses a stream of the node', {
        [requests('204')]: '60x60',
        [requests('429')]: '_x10 0+12x60',
      }),
      quiet('Loki restarts', { [requests('204')]: '0+60x60', [requests('-1')]: '_x22 0+12x3 36x60' }),
    ],
    PromtailFallsBehind: [
      fires('6 MiB of a file are to be read', { [size]: `${6 * MIB}x60`, [read]: '100x60' }),
      fires('a file is not read at all', { [size]: `${6 * MIB}x60` }),
      quiet('4 MiB of a file are', { [size]: `${6 * MIB}x60`, [read]: `${2 * MIB}x60` }),
      quiet('a rush is over soon', { [size]: `${9 * MIB}x60`, [read]: `${9 * MIB}x24 0x3 ${9 * MIB}x60` }),
    ],
    PromtailDropsLines: [
      fires('lines are dropped', { [dropped]: '0x25 3x60' }),
      quiet('lines were dropped', { [dropped]: '0x5 3x60' }),
    ],
  },
});
