import type { Row } from '../../dashboard';
import { TRACE_PANEL, trace, traceTable } from '../../panels/traces';
import { traceById, traceList } from '../../query';
import { TRACED_SERVICE } from '../red';

/** Traces worth inspecting. */
export function traces(): Row {
  return {
    title: 'Traces',
    answers: 'Which requests failed, and which were slow?',
    height: 10,
    panels: [
      traceTable({
        id: 30,
        title: 'Failed traces',
        description:
          'Up to 50 traces with a failed span of the chosen services, the latest first. Empty if there are none.',
        width: 12,
        sortBy: 'Start time',
        queries: [traceList(`{ ${TRACED_SERVICE} && status = error }`)],
      }),
      traceTable({
        id: 31,
        title: 'Slow traces',
        description:
          'Up to 50 traces of the chosen services that took longer than "Slower than", the slowest first. Empty if there are none.',
        width: 12,
        sortBy: 'Duration',
        queries: [traceList(`{ ${TRACED_SERVICE} && trace:duration > \${slower:raw} }`)],
      }),
    ],
  };
}

/** Search for traces. */
export function search(): Row {
  return {
    title: 'Search',
    answers: 'Which traces match my query?',
    height: 9,
    panels: [
      traceTable({
        id: 32,
        title: 'Search',
        description: 'Up to 50 traces that match the TraceQL above, in the time range, the latest first.',
        width: 24,
        sortBy: 'Start time',
        queries: [traceList('${query:raw}')],
      }),
    ],
  };
}

/** A single trace, by ID. */
export function oneTrace(): Row {
  return {
    title: 'Trace',
    answers: 'What happened in one trace?',
    height: 14,
    // Without an ID, the query of this panel fails.
    collapsed: true,
    panels: [
      trace({
        id: TRACE_PANEL.id,
        title: 'Trace',
        description:
          'The trace whose id is in "Trace ID" above, if it is within half an hour of the time range. An id in a table above opens it in the whole window.',
        width: 24,
        queries: [traceById(`\${${TRACE_PANEL.variable}:raw}`)],
      }),
    ],
  };
}
