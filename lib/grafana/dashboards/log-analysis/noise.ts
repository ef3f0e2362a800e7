import type { Row } from '../../dashboard';
import { dashboardUrl, ofRow } from '../../dashboard-link';
import { timeseries } from '../../panels/metric';
import { table } from '../../panels/table';
import { logql, logqlNow, promqlNow } from '../../query';
import { type DashboardContext, metricsIn } from '../context';
import { FILES, ofPods } from './files';

const TO_LINES = {
  title: 'Lines of the pod',
  url: dashboardUrl('loki-logs', { namespace: ofRow('namespace'), pod: ofRow('pod') }),
};

/** Which pods and workloads log most, and since when. */
export function noise(context: DashboardContext, selector: string, workload: string): Row {
  const { promtail } = metricsIn(context);
  return {
    title: 'Who is noisy?',
    height: 9,
    panels: [
      table({
        id: 1,
        title: 'Noisiest pods',
        question:
          'Which pods fill the volume? The twenty, of the namespaces chosen above, of which Promtail read most bytes in the time range. A click leads to their lines.',
        empty: 'No pod has logged in this time range',
        width: 9,
        queries: [
          promqlNow(
            `topk(20, sum by (namespace, pod) (${ofPods(`increase(${promtail('promtail_read_bytes_total', FILES)}[$__range])`)}))`,
          ),
        ],
        columns: [
          { of: 'namespace', title: 'Namespace', width: 120 },
          { of: 'pod', title: 'Pod', link: TO_LINES },
          { of: 0, title: 'Bytes', unit: 'bytes', bar: true, width: 160 },
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
          { of: 'namespace', title: 'Namespace', width: 120 },
          { of: workload, title: 'Workload' },
          { of: 0, title: 'Times', unit: 'none', bar: true, width: 120 },
        ],
        sortBy: 'Times',
      }),
    ],
  };
}
