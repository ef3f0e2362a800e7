import type { Dashboard, Row } from '../dashboard';
import { table, timeseries } from '../panel';
import { logql, logqlNow, promql, type Query } from '../query';
import { logLabel, textOf } from '../variable';
import { type DashboardContext, FAILED_LINES, workloadLabel } from './context';

/**
 * What a line says without what differs from line to line: numbers, ids, addresses. A name of the text for each
 * kind of them would be better to read, and slower.
 */
const MESSAGE =
  'label_format message=`{{ __line__ | trunc 300 | regexReplaceAll "[0-9a-fA-F]{8,}(-[0-9a-fA-F]{4,})*|[0-9]+" "#" | trunc 160 }}`';

/** Names that loggers give to the status of a response. */
const STATUS_NAMES = ['status', 'status_code', 'statusCode', 'http_status', 'response_code'];

/** Who is noisy, what fails, how do requests go, and is Loki at its limits? */
export function logAnalysis(context: DashboardContext): Dashboard {
  const workload = workloadLabel(context);
  const selector = `{namespace=~"$namespace", ${workload}=~"$workload"}`;
  return {
    name: 'log-analysis',
    title: 'Log Analysis Dashboard',
    description: 'Who is noisy? What fails, and what is new? How do requests go? Is Loki at its limits?',
    variables: [
      logLabel('namespace', 'Namespace', ''),
      { ...logLabel(workload, 'Workload', '{namespace=~"$namespace"}'), name: 'workload' },
      textOf('duration', 'Field of durations', 'duration_ms'),
    ],
    rows: [
      noise(selector, workload),
      failures(selector, workload),
      requests(selector, workload),
      limits(context),
    ],
  };
}

function noise(selector: string, workload: string): Row {
  return {
    title: 'Who is noisy?',
    height: 9,
    panels: [
      table({
        id: 1,
        title: 'Noisiest pods',
        question: 'Which pods fill the volume? The twenty that logged most bytes in the time range.',
        empty: 'No pod has logged in this time range',
        width: 9,
        queries: [logqlNow(`topk(20, sum by (namespace, pod) (bytes_over_time(${selector} [$__range])))`)],
        columns: [
          { field: 'namespace', title: 'Namespace', width: 120 },
          { field: 'pod', title: 'Pod' },
          { field: 'Value #A', title: 'Bytes', unit: 'bytes', bar: true, width: 160 },
        ],
        sortBy: 'Bytes',
      }),
      timeseries({
        id: 2,
        title: 'Volume by workload',
        question: 'When did they begin? The ten that log most, at each moment.',
        empty: 'No workload has logged in this time range',
        width: 8,
        unit: 'binBps',
        queries: [
          logql(
            `topk(10, sum by (namespace, ${workload}) (bytes_rate(${selector} [$__auto])))`,
            `{{namespace}} / {{${workload}}}`,
          ),
        ],
      }),
      table({
        id: 3,
        title: 'Louder than a day before',
        question:
          'Who logs more lines in this hour than in the same hour of yesterday, and how many times as many?',
        empty: 'Nothing was logged at this time yesterday to compare with',
        width: 7,
        queries: [
          logqlNow(
            `topk(10, sum by (namespace, ${workload}) (count_over_time(${selector} [1h])) / sum by (namespace, ${workload}) (count_over_time(${selector} [1h] offset 24h)))`,
          ),
        ],
        columns: [
          { field: 'namespace', title: 'Namespace', width: 120 },
          { field: workload, title: 'Workload' },
          { field: 'Value #A', title: 'Times', unit: 'none', bar: true, width: 120 },
        ],
        sortBy: 'Times',
      }),
    ],
  };
}

function failures(selector: string, workload: string): Row {
  const failed = `${selector} | ${FAILED_LINES}`;
  const counted = (lines: string, when: string) =>
    `sum by (${workload}, message) (count_over_time(${lines} | ${MESSAGE} [$__range]${when}))`;
  return {
    title: 'What fails, and what is new?',
    height: 9,
    panels: [
      timeseries({
        id: 10,
        title: 'Share of errors by workload',
        question: 'Does the share of lines that tell of an error rise?',
        empty: 'No line tells of an error',
        width: 8,
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.05 },
        queries: [
          logql(
            `sum by (namespace, ${workload}) (count_over_time(${failed} [$__auto])) / sum by (namespace, ${workload}) (count_over_time(${selector} [$__auto]))`,
            `{{namespace}} / {{${workload}}}`,
          ),
        ],
      }),
      table({
        id: 11,
        title: 'Errors that are new',
        question:
          'Which errors were not there in the time range before this one? Numbers and ids are left out.',
        empty: 'No error that was not there before',
        width: 8,
        queries: [logqlNow(`topk(20, ${counted(failed, '')} unless ${counted(failed, ' offset $__range')})`)],
        columns: [
          { field: workload, title: 'Workload', width: 120 },
          { field: 'message', title: 'Message' },
          { field: 'Value #A', title: 'Lines', unit: 'short', width: 80 },
        ],
        sortBy: 'Lines',
      }),
      table({
        id: 12,
        title: 'Most frequent errors',
        question: 'Which errors are most of them? Numbers and ids are left out.',
        empty: 'No line tells of an error',
        width: 8,
        queries: [logqlNow(`topk(20, ${counted(failed, '')})`)],
        columns: [
          { field: workload, title: 'Workload', width: 120 },
          { field: 'message', title: 'Message' },
          { field: 'Value #A', title: 'Lines', unit: 'short', width: 80 },
        ],
        sortBy: 'Lines',
      }),
    ],
  };
}

function requests(selector: string, workload: string): Row {
  return {
    title: 'How do requests go, by what is logged of them?',
    height: 9,
    panels: [
      timeseries({
        id: 20,
        title: 'Status codes',
        question: `Which answers do services give? Read of the fields ${STATUS_NAMES.join(', ')}, in JSON and logfmt.`,
        empty: 'No line has a field with the status of a response',
        width: 12,
        unit: 'short',
        stacked: true,
        queries: [statusCodes(selector, 'json'), statusCodes(selector, 'logfmt')],
      }),
      timeseries({
        id: 21,
        title: 'Durations (95 %)',
        question:
          'How long do requests take? Read of the field named above, in JSON and logfmt: a number of milliseconds, or a text such as 12.5ms.',
        empty: 'No line has that field: name another above, such as elapsed_ms or took',
        width: 12,
        unit: 'ms',
        queries: (['json', 'logfmt'] as const).flatMap((parser) => durations(selector, workload, parser)),
      }),
    ],
  };
}

/** Lines by status code. A line without one is not parsed at all. */
function statusCodes(selector: string, parser: 'json' | 'logfmt'): Query {
  // A name with dots is one key of a JSON object, not a path through it; logfmt cannot name one.
  const names = parser === 'json' ? [...STATUS_NAMES, '["http.response.status_code"]'] : STATUS_NAMES;
  const fields = names.map((name, index) => `code_${index}=\`${name}\``);
  const first = names.map((_, index) => `.code_${index}`).join(' ');
  return logql(
    `sum by (code) (count_over_time(${selector} |~ \`(?i)status|response_code\` | ${parser} ${fields.join(', ')} | label_format code=\`{{ or ${first} "" }}\` | code=~\`[1-5][0-9][0-9]\` [$__auto]))`,
    '{{code}}',
  );
}

/** Durations as numbers, and as texts with a unit. */
function durations(selector: string, workload: string, parser: 'json' | 'logfmt'): Query[] {
  const found = `${selector} |= \`\${duration:raw}\` | ${parser} took=\`\${duration:raw}\``;
  const quantile = (values: string) =>
    `quantile_over_time(0.95, ${found} | ${values} | __error__="" [$__auto]) by (${workload})`;
  return [
    logql(quantile('took=~`[0-9.]+` | unwrap took'), `{{${workload}}}`),
    logql(
      `${quantile('took=~`[0-9.]+(ns|us|µs|ms|s|m|h).*` | unwrap duration(took)')} * 1000`,
      `{{${workload}}}`,
    ),
  ];
}

function limits({ namespace, streamLabels, maxStreams, ingestionRate }: DashboardContext): Row {
  const loki = `job="loki", namespace="${namespace}"`;
  return {
    title: 'Is Loki at its limits?',
    height: 8,
    panels: [
      timeseries({
        id: 30,
        title: 'Active streams',
        question: `How near are they to loki.limits.maxStreams (${maxStreams})? At the limit, agents wait.`,
        empty: 'Prometheus has no metrics of Loki: see its ServiceMonitor',
        width: 6,
        unit: 'short',
        thresholds: { warning: 0.8 * maxStreams, critical: maxStreams },
        queries: [promql(`sum(loki_ingester_memory_streams{${loki}})`, 'streams')],
      }),
      timeseries({
        id: 31,
        title: 'Taken in',
        question: 'How near is the rate to loki.limits.ingestionRate? Above it, agents wait.',
        empty: 'Prometheus has no metrics of Loki: see its ServiceMonitor',
        width: 6,
        unit: 'binBps',
        thresholds: { warning: 0.8 * ingestionRate, critical: ingestionRate },
        queries: [
          promql(`sum(rate(loki_distributor_bytes_received_total{${loki}}[$__rate_interval]))`, 'bytes'),
        ],
      }),
      timeseries({
        id: 32,
        title: 'Refused, by reason',
        question: 'Which limit is hit? Lines that Loki did not take.',
        empty: 'Loki has refused nothing',
        width: 6,
        unit: 'cps',
        queries: [
          promql(
            `sum by (reason) (rate(loki_discarded_samples_total{${loki}}[$__rate_interval]))`,
            '{{reason}}',
          ),
        ],
      }),
      table({
        id: 33,
        title: 'Streams by namespace',
        question: 'Whose streams are they? Those that had a line in the last five minutes.',
        empty: 'No stream had a line in the last five minutes',
        width: 6,
        queries: [
          logqlNow(
            `topk(20, count by (namespace) (sum by (${streamLabels.join(', ')}) (count_over_time({namespace=~".+"} [5m]))))`,
          ),
        ],
        columns: [
          { field: 'namespace', title: 'Namespace' },
          { field: 'Value #A', title: 'Streams', unit: 'short', bar: true, width: 140 },
        ],
        sortBy: 'Streams',
      }),
    ],
  };
}
