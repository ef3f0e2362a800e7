import { type Json, listAt, mapAt, textAt } from '../kubernetes/json';
import { PARSERS } from '../logs/annotations';
import type { ComponentReview, ConfigFinding, ConfigRule, ConfigVersions } from '../review/component-review';
import { key, limit, protection, retries } from '../review/config-rules';
import { canonical } from '../review/diff/canonical';
import { casesFound, difference } from '../review/difference';
import { listed } from '../review/words';
import { FORMAT_LABEL } from './relabel';
import { jobsOf, pipelineFindings } from './review-pipeline';

const clients = (...keys: string[]) => keys.map((one) => `clients.*.${one}`);

const SENDING = clients(
  'batchwait',
  'batchsize',
  'timeout',
  'backoff_config.min_period',
  'backoff_config.max_period',
);
const ACCESS_KEYS = ['tenant_id', 'headers', 'basic_auth', 'authorization', 'tls_config'];
const INTERVALS = [
  'positions.sync_period',
  'positions.ignore_invalid_yaml',
  'target_config.sync_period',
  'server.log_level',
];

/** The effect of keys in `promtail.yaml` on log lines. */
const RULES: readonly ConfigRule[] = [
  key('capacity', 'promtail-positions', ['positions.filename']),
  ...retries('promtail-retries', clients('backoff_config.max_retries'), '10'),
  ...limit('data-loss', 'promtail-line-size', ['limits_config.max_line_size']),
  ...protection('promtail-truncation', ['limits_config.max_line_size_truncate'], false),
  key('data-loss', 'promtail-rate-limited', clients('drop_rate_limited_batches')),
  key('live', 'promtail-client-access', [
    ...clients(...ACCESS_KEYS.map((one) => `${one}.**`)),
    ...clients('tenant_id'),
  ]),
  key('data-loss', 'promtail-journal', ['scrape_configs.*.journal.**'], {
    when: ({ old }) => old !== undefined,
  }),
  key('capacity', 'promtail-sending', SENDING),
  key('live', 'promtail-intervals', INTERVALS),
];

/**
 * What each version collects: its jobs, and relabelings that keep or drop targets. Jobs that share the pods among them by
 * format are one, as long as each format has its job.
 */
function selectionOf(config: Json) {
  const formatOf = (job: Json) =>
    listAt(job, 'relabel_configs')
      .filter(isFormat)
      .map((one) => textAt(one, 'regex') ?? '');
  const formats = jobsOf(config).flatMap(formatOf);
  const isShared = PARSERS.every((parser) => formats.includes(parser));
  const [first] = PARSERS;
  const others = (job: Json) => isShared && formatOf(job).some((format) => format !== first);
  const filters = jobsOf(config)
    .flatMap((job) => listAt(job, 'relabel_configs'))
    .filter((one) => /^(?:keep|drop)/.test(textAt(one, 'action') ?? '') && !(isShared && isFormat(one)))
    .map((one) => canonical('', one));
  return {
    isShared,
    jobs: jobsOf(config)
      .filter((job) => !others(job))
      .map((job) => textAt(job, 'job_name') ?? ''),
    filters: [...new Set(filters)].sort().join(),
  };
}

const isFormat = (relabeling: Json) =>
  textAt(relabeling, 'action') === 'keep' && listAt(relabeling, 'source_labels').join() === FORMAT_LABEL;

/** Pods whose logs are collected. */
function targetFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const [before, after] = [selectionOf(old), selectionOf(next)];
  const { added, removed } = difference(before.jobs, after.jobs);
  const paths = ['scrape_configs'];
  const relabelings = ['scrape_configs.*.relabel_configs'];
  const jobs = casesFound([
    ['data-loss', 'promtail-job-gone', removed, (some) => `logs of ${some} are no longer collected`],
    [
      'capacity',
      'promtail-job-new',
      removed.length > 0 ? [] : added,
      (some) => `logs of ${some} are collected too`,
    ],
    [
      'live',
      'promtail-formats',
      before.isShared === after.isShared ? [] : ['formats'],
      () => 'other jobs collect the same pods',
    ],
  ]).map((found) => ({ ...found, paths }));
  return removed.length > 0 || before.filters === after.filters
    ? jobs
    : [...jobs, { effect: 'data-loss', rule: 'promtail-targets', paths: relabelings }];
}

function clientFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const urls = (config: Json) => listAt(config, 'clients').map((client) => textAt(client, 'url') ?? '');
  const [before, after] = [urls(old), urls(next)];
  const gone = `lines are no longer sent to ${listed(difference(before, after).removed)}`;
  const moved = `Promtail sends to ${listed(after)} instead of ${listed(before)}`;
  // How it sends matters only if that differs too.
  const whole = sending(old) === sending(next) ? ['clients'] : [];
  if (before.join() === after.join())
    return whole.length > 0 &&
      canonical('', listAt(old, 'clients')) !== canonical('', listAt(next, 'clients'))
      ? [{ effect: 'live', rule: 'promtail-client-access', paths: ['clients'], whole }]
      : [];
  if (after.length < before.length)
    return [{ effect: 'data-loss', rule: 'promtail-client-gone', says: gone, paths: ['clients'], whole }];
  const paths = before.length === after.length ? clients('url', 'name') : ['clients'];
  return [{ effect: 'live', rule: 'promtail-client', says: moved, paths, whole }];
}

/** How clients send, apart from where to and as whom. */
function sending(config: Json): string {
  const kinds = listAt(config, 'clients').map((client) =>
    canonical('', {
      ...mapAt(client),
      ...Object.fromEntries(['name', 'url', ...ACCESS_KEYS].map((one) => [one, null])),
    }),
  );
  return [...new Set(kinds)].sort().join();
}

/** The effect of changes to Promtail on log lines. */
export const promtailReview: ComponentReview = {
  texts: 'lib/promtail/review.md',
  daemon: {
    title: 'Promtail',
    images: ['promtail'],
    without: 'new lines',
    cost: 'no lines lost, as it reads on where it stopped',
    downgrade: 'An older Promtail does not start with keys that it does not know.',
  },
  configs: [
    {
      title: 'Promtail',
      matches: (document) => jobsOf(document).length > 0 && listAt(document, 'clients').length > 0,
      rules: RULES,
      findings: (versions) => [
        ...targetFindings(versions),
        ...pipelineFindings(versions),
        ...clientFindings(versions),
      ],
    },
  ],
};
