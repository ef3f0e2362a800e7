import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/metric';
import { logql } from '../../query';
import { FAILED_LINES } from '../context';

/** What a panel of lines says when there are none. */
export const NO_LINES = 'No lines match: widen the time range, or the choices above';

/** Where lines and errors come from, by level, namespace and workload. */
export function sources(selector: string, wanted: string, workload: string): Row[] {
  return [
    {
      title: 'Where does it come from?',
      height: 8,
      panels: [
        timeseries({
          id: 10,
          title: 'Lines by level',
          question: 'Did the mix of levels change?',
          empty: NO_LINES,
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
          question: 'Which workload fails, and since when? The ten with most errors, at each moment.',
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
          empty: NO_LINES,
          width: 12,
          unit: 'short',
          stacked: true,
          queries: [logql(`sum by (namespace) (count_over_time(${wanted} [$__auto]))`, '{{namespace}}')],
        }),
        timeseries({
          id: 13,
          title: 'Lines by workload',
          question: 'Which workload logs how much? The ten that log most, at each moment.',
          empty: NO_LINES,
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
  ];
}
