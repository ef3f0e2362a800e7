import type { Row } from '../../dashboard';
import { dashboardUrl, ofRow } from '../../dashboard-link';
import type { Panel } from '../../panel';
import { table } from '../../panels/table';
import { timeseries } from '../../panels/timeseries';
import { logql, logqlNow } from '../../query';
import type { DashboardContext } from '../context';
import { type LogLines, workloadName } from '../log-lines';
import { fileQueries } from './files';

const TO_POD = {
  title: 'Lines of the pod',
  url: dashboardUrl('loki-logs', { namespace: ofRow('namespace'), pod: ofRow('pod') }),
};

/** The workloads that log most, and those that log more than before. */
export function volume(context: DashboardContext, chosen: LogLines): Row {
  const { lines, workload } = chosen;
  return {
    title: 'Volume',
    answers: 'Which workloads are noisy, since when, and which are noisier than a day ago?',
    height: 9,
    panels: [
      timeseries({
        id: 2,
        title: 'Volume by workload',
        description: 'Bytes per second of the ten workloads that log most, at each moment.',
        width: 12,
        unit: 'binBps',
        queries: [
          logql(
            `topk(10, sum by (namespace, ${workload}) (bytes_rate(${lines} [$__auto])))`,
            workloadName(workload),
          ),
        ],
      }),
      growth(context, chosen),
    ],
  };
}

/** The pods that log most, and the sources of the streams. */
export function pods(context: DashboardContext): Row {
  const { bytesFrom, bytesByPod, activeByNamespace } = fileQueries(context);
  return {
    title: 'Pods',
    answers: 'Which pods are noisy, and who has how many streams?',
    height: 9,
    panels: [
      table({
        id: 1,
        title: 'Noisiest pods',
        description: `The twenty pods of the chosen namespaces ${bytesFrom} in the time range. A pod leads to its lines.`,
        width: 12,
        queries: [bytesByPod],
        columns: [
          { of: 'namespace', title: 'Namespace', width: 110 },
          { of: 'pod', title: 'Pod', link: TO_POD },
          { of: 0, title: 'Bytes', unit: 'bytes', bar: true, width: 200 },
        ],
        sortBy: 'Bytes',
      }),
      table({
        id: 33,
        title: 'Files by namespace',
        description:
          'Log files with a line in the last 5 minutes. Each is a stream, or two where a container writes to stdout and stderr.',
        width: 12,
        queries: [activeByNamespace],
        columns: [
          { of: 'namespace', title: 'Namespace' },
          { of: 0, title: 'Files', unit: 'short', bar: true, width: 200 },
        ],
        sortBy: 'Files',
      }),
    ],
  };
}

/**
 * Workloads by increase in log lines. For a workload that was silent before, the increase is its total number of lines.
 */
function growth({ logRetention }: DashboardContext, { lines, workload }: LogLines): Panel {
  // Loki does not answer queries for times before its retention.
  const hours = logRetention.seconds > 25 * 3_600 ? 24 : 12;
  const counted = (offset = '') =>
    `sum by (namespace, ${workload}) (count_over_time(${lines} [1h]${offset}))`;
  const before = `(${counted(` offset ${hours}h`)} or ${counted()} * 0)`;
  const most = (expr: string) => `topk(10, ${expr})`;
  const grown = most(`${counted()} - ${before}`);
  return table({
    id: 3,
    title: hours === 24 ? 'Growth since yesterday' : `Growth in ${hours} hours`,
    description: `Workloads that logged more lines in the last hour than in the same hour ${hours} hours before, silent ones included.`,
    width: 12,
    queries: [logqlNow(grown), logqlNow(`${counted()} and ${grown}`), logqlNow(`${before} and ${grown}`)],
    columns: [
      { of: 'namespace', title: 'Namespace', width: 110 },
      { of: workload, title: 'Workload' },
      { of: 2, title: 'Before', unit: 'short', width: 80 },
      { of: 1, title: 'Now', unit: 'short', width: 75 },
      { of: 0, title: 'Growth', unit: 'short', width: 80 },
    ],
    sortBy: 'Growth',
  });
}
