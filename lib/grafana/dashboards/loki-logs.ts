import type { Dashboard } from '../dashboard';
import { logs, stat, timeseries } from '../panel';
import { logLines, logql, logqlNow, promqlNow } from '../query';
import { choiceOf, logLabel, textOf } from '../variable';
import { type DashboardContext, FAILED_LINES, workloadLabel } from './context';

/** Levels that Loki finds. */
const LEVELS = ['critical', 'fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'];

/** Is something wrong in the logs, where, and what do they say? */
export function lokiLogs(context: DashboardContext): Dashboard {
  const workload = workloadLabel(context);
  const selector = `{namespace=~"$namespace", ${workload}=~"$workload", pod=~"$pod"}`;
  const wanted = `${selector} |~ \`(?i)\${search:raw}\` | detected_level=~"$level"`;
  const noLines = 'No lines match: widen the time range, or the choices above';
  return {
    name: 'loki-logs',
    title: 'Loki Logs Dashboard',
    description: 'Is something wrong in the logs? Where does it come from? What do the lines say?',
    variables: [
      logLabel('namespace', 'Namespace', ''),
      { ...logLabel(workload, 'Workload', '{namespace=~"$namespace"}'), name: 'workload' },
      logLabel('pod', 'Pod', `{namespace=~"$namespace", ${workload}=~"$workload"}`),
      choiceOf('level', 'Level', LEVELS),
      textOf('search', 'Search (regular expression)', ''),
    ],
    rows: [
      {
        title: 'Is something wrong?',
        height: 4,
        panels: [
          stat({
            id: 1,
            title: 'Lines per second',
            question: 'How much is logged, of what is chosen above?',
            empty: 'none',
            width: 5,
            unit: 'cps',
            queries: [logql(`sum(rate(${wanted} [$__auto]))`)],
          }),
          stat({
            id: 2,
            title: 'Volume',
            question: 'How many bytes is that?',
            empty: 'none',
            width: 5,
            unit: 'binBps',
            queries: [logql(`sum(bytes_rate(${wanted} [$__auto]))`)],
          }),
          stat({
            id: 3,
            title: 'Errors',
            question: 'How many lines of the time range tell of an error, or worse?',
            empty: '0',
            width: 5,
            unit: 'short',
            queries: [logqlNow(`sum(count_over_time(${selector} | ${FAILED_LINES} [$__range]))`)],
          }),
          stat({
            id: 4,
            title: 'Share of errors',
            question: 'Is that many, against all lines?',
            empty: '0%',
            width: 5,
            unit: 'percentunit',
            thresholds: { warning: 0.01, critical: 0.05 },
            queries: [
              logqlNow(
                `sum(count_over_time(${selector} | ${FAILED_LINES} [$__range])) / sum(count_over_time(${selector} [$__range]))`,
              ),
            ],
          }),
          stat({
            id: 5,
            title: 'Lines refused',
            question: 'Are lines missing, of any workload, because Loki refused them?',
            empty: '0',
            width: 4,
            unit: 'short',
            thresholds: { warning: 1, critical: 1_000 },
            queries: [
              promqlNow(
                `sum(increase(loki_discarded_samples_total{job="loki", namespace="${context.namespace}"}[$__range]))`,
              ),
            ],
          }),
        ],
      },
      {
        title: 'Where does it come from?',
        height: 8,
        panels: [
          timeseries({
            id: 10,
            title: 'Lines by level',
            question: 'Did the mix of levels change?',
            empty: noLines,
            width: 12,
            unit: 'short',
            stacked: true,
            byLevel: true,
            queries: [
              logql(`sum by (detected_level) (count_over_time(${wanted} [$__auto]))`, '{{detected_level}}'),
            ],
          }),
          timeseries({
            id: 11,
            title: 'Errors by workload',
            question: 'Which workload fails, and since when?',
            empty: 'No line tells of an error',
            width: 12,
            unit: 'short',
            stacked: true,
            queries: [
              logql(
                `topk(10, sum by (namespace, ${workload}) (count_over_time(${selector} | ${FAILED_LINES} [$__auto])))`,
                `{{namespace}} / {{${workload}}}`,
              ),
            ],
          }),
        ],
      },
      {
        title: 'Who logs how much?',
        height: 8,
        panels: [
          timeseries({
            id: 12,
            title: 'Lines by namespace',
            question: 'Which namespace logs how much?',
            empty: noLines,
            width: 12,
            unit: 'short',
            stacked: true,
            queries: [logql(`sum by (namespace) (count_over_time(${wanted} [$__auto]))`, '{{namespace}}')],
          }),
          timeseries({
            id: 13,
            title: 'Lines by workload',
            question: 'Which workload logs how much? The ten that log most, at each moment.',
            empty: noLines,
            width: 12,
            unit: 'short',
            stacked: true,
            queries: [
              logql(
                `topk(10, sum by (namespace, ${workload}) (count_over_time(${wanted} [$__auto])))`,
                `{{namespace}} / {{${workload}}}`,
              ),
            ],
          }),
        ],
      },
      {
        title: 'What do the lines say?',
        height: 18,
        panels: [
          logs({
            id: 20,
            title: 'Lines',
            question:
              'What exactly was logged? Open a line for its fields, its trace and the metrics of its pod.',
            empty: noLines,
            width: 24,
            queries: [logLines(wanted)],
          }),
        ],
      },
    ],
  };
}
