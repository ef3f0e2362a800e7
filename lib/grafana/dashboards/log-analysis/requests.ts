import { STATUS_CODES } from '../../colors';
import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/timeseries';
import { logql } from '../../query';
import { type LogLines, workloadName } from '../log-lines';

/** Field names that loggers use for the status of a response. */
const STATUS_NAMES = ['status', 'status_code', 'statusCode', 'http_status', 'response_code'];

/**
 * Extracts the value of a JSON or logfmt field into a label. One expression covers both formats, because the logfmt
 * parser drops renamed fields in metric queries (seen with Loki 3.7.6).
 */
const field = (name: string, label: string, value: string) =>
  `regexp \`(?:^|["\\s.])(?:${name})"?\\s*[=:]\\s*"?(?P<${label}>${value})\``;

/** Status codes and durations for workloads that log their requests. */
export function requests({ lines, workload }: LogLines): Row {
  const code = field(STATUS_NAMES.join('|'), 'code', String.raw`[1-5][0-9][0-9]\b`);
  const took = field('${duration:raw}', 'took', '[0-9][0-9a-zµ.]*');
  // A number without a unit is in milliseconds.
  const duration = 'label_format took=`{{ regexReplaceAll "^([0-9.]+)$" .took "${1}ms" }}`';
  return {
    title: 'Requests',
    answers: 'How do requests go, according to what services log about them?',
    height: 9,
    panels: [
      timeseries({
        id: 20,
        title: 'Status codes',
        description: `Log lines by the status code of a response, from the fields ${STATUS_NAMES.join(', ')} of JSON and logfmt. Empty if no line has one.`,
        width: 12,
        unit: 'short',
        stacked: true,
        colors: STATUS_CODES,
        queries: [
          logql(
            `sum by (code) (count_over_time(${lines} |~ \`status|response_code\` | ${code} | code!="" [$__auto]))`,
            '{{code}}',
          ),
        ],
      }),
      timeseries({
        id: 21,
        title: 'Request duration (p95)',
        description:
          '95th percentile of the field named in "Duration field", from JSON and logfmt: a number of milliseconds, or a duration such as 12.5ms. Empty if no line has the field.',
        width: 12,
        unit: 's',
        queries: [
          logql(
            `quantile_over_time(0.95, ${lines} |= \`\${duration:raw}\` | ${took} | took!="" | ${duration} | unwrap duration(took) | __error__="" [$__auto]) by (namespace, ${workload})`,
            workloadName(workload),
          ),
        ],
      }),
    ],
  };
}
