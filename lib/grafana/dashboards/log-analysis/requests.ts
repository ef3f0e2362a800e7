import type { Row } from '../../dashboard';
import { timeseries } from '../../panels/metric';
import { logql, type Query } from '../../query';

/** Names that loggers give to the status of a response. */
const STATUS_NAMES = ['status', 'status_code', 'statusCode', 'http_status', 'response_code'];

/** Status codes and durations, of workloads that log their requests. */
export function requests(selector: string, workload: string): Row {
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

/** Lines by status code. A line without one, or of the other format, is not parsed at all. */
function statusCodes(selector: string, parser: 'json' | 'logfmt'): Query {
  // A name with dots is one key of a JSON object, not a path through it; logfmt cannot name one.
  const names = parser === 'json' ? [...STATUS_NAMES, '["http.response.status_code"]'] : STATUS_NAMES;
  const fields = names.map((name, index) => `code_${index}=\`${name}\``);
  const written =
    parser === 'json' ? 'status|response_code' : 'status=|status_code=|statusCode=|response_code=';
  const first = names.map((_, index) => `.code_${index}`).join(' ');
  return logql(
    `sum by (code) (count_over_time(${selector} |~ \`${written}\` | ${parser} ${fields.join(', ')} | label_format code=\`{{ or ${first} "" }}\` | code=~\`[1-5][0-9][0-9]\` [$__auto]))`,
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
