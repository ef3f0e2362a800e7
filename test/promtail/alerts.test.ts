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
const dropped = (container: string) =>
  promtail('logentry_dropped_lines_by_label_total', {
    label_name: 'filename',
    label_value: `/var/log/pods/apps_${container}_1/app/0.log`,
  });

const journal = promtail('promtail_journal_target_lines_total');
const HOURS = { every: '1h', at: '30h' };

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
    [requests('400')]: '9x60',
    [dropped('shop')]: '7x60',
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
      fires('something else answers in its place', { [requests('404')]: '_x10 0+12x60' }),
      quiet('Loki rejects a stream, and stores the others', {
        [requests('204')]: '60x60',
        [requests('429')]: '_x10 0+12x60',
      }),
      quiet('Loki rejects old lines of a new agent', {
        [requests('204')]: '60x60',
        [requests('400')]: '_x10 0+12x60',
      }),
      quiet('Loki restarts', { [requests('204')]: '0+60x60', [requests('-1')]: '_x22 0+12x3 36x60' }),
    ],
    PromtailFallsBehind: [
      fires('6 MiB of a file are to be read', { [size]: `${6 * MIB}x60`, [read]: '100x60' }),
      fires('a file is not read at all', { [size]: `${6 * MIB}x60` }),
      fires('a file rotates faster than it is read, and is small now and then', {
        [size]: `${30 * MIB} ${MIB} ${20 * MIB} ${40 * MIB}`.replace(/^(.*)$/, (all) =>
          Array(15).fill(all).join(' '),
        ),
        [read]: `${15 * MIB}x60`,
      }),
      quiet('4 MiB of a file are', { [size]: `${6 * MIB}x60`, [read]: `${2 * MIB}x60` }),
      quiet('a rush is over soon', { [size]: `${9 * MIB}x60`, [read]: `${9 * MIB}x24 0x3 ${9 * MIB}x60` }),
    ],
    PromtailLimitsContainer: [
      fires('a container writes too much', {
        [promtail('up')]: '1x60',
        [dropped('noisy')]: '0x25 0+3000x40',
      }),
      fires('the first lines ever are dropped', {
        [promtail('up')]: '1x60',
        [dropped('noisy')]: '_x25 12x40',
      }),
      quiet('lines were dropped long ago', { [promtail('up')]: '1x60', [dropped('noisy')]: '0x5 3x60' }),
    ],
  },
  also: [
    {
      values: {
        loki: { enabled: false },
        logs: { destinations: { central: { url: 'https://logs.example.com' } } },
      },
      situations: {
        PromtailDestinationRejects: [
          fires('the password is wrong', { [requests('204')]: '60x60', [requests('401')]: '_x10 0+12x60' }),
          fires('the address is wrong', { [requests('404')]: '0+12x60' }),
          quiet('the destination rejects a line, and stores the others', { [requests('400')]: '0+12x60' }),
          quiet('the destination is away', { [requests('-1')]: '0+12x60', [requests('503')]: '0+12x60' }),
          quiet('the password was wrong', { [requests('204')]: '0+60x60', [requests('401')]: '12x60' }),
        ],
      },
    },
    {
      values: { logs: { nodeJournal: { enabled: true } } },
      situations: {
        PromtailReadsNoJournal: [
          fires('the folder has no journal', { [journal]: '0x40' }, HOURS),
          fires('Promtail stopped reading', { [journal]: '0+300x5 1500x40' }, HOURS),
          quiet('a node is quiet for some hours', { [journal]: '0+300x25 7500x4 7500+300x20' }, HOURS),
        ],
      },
    },
  ],
});
