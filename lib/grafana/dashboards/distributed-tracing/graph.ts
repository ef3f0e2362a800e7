import type { Row } from '../../dashboard';
import type { Panel } from '../../panel';
import { heatmap } from '../../panels/metric';
import { nodeGraph } from '../../panels/node-graph';
import { traces } from '../../panels/table';
import { serviceGraph, traceList } from '../../query';
import type { DashboardContext } from '../context';
import { redQueries } from '../red';

/** Who calls whom, and how long it takes. */
export function graph(context: DashboardContext): Row {
  return {
    title: 'Who calls whom?',
    height: 12,
    panels: [
      nodeGraph({
        id: 30,
        title: 'Service graph',
        question:
          'Where does a failure begin? Each edge is a call, with its rate and duration; red is what fails. Calls of and to the services chosen above.',
        empty: 'No service has called another, with spans of both sides, in this time range',
        width: 14,
        queries: [serviceGraph('${service:pipe}')],
      }),
      durations(context),
    ],
  };
}

/** Durations and slow traces, where clients sample and nobody else counts. */
export function sampled(context: DashboardContext): Row {
  return {
    title: 'Which requests are slow?',
    height: 12,
    panels: [
      durations(context),
      traces({
        id: 41,
        title: 'Slow traces',
        question: 'Which requests took longer than a second? Up to 50.',
        empty: 'No trace took longer than a second',
        width: 14,
        queries: [traceList('{ resource.service.name =~ "$service" && trace:duration > 1s }')],
      }),
    ],
  };
}

function durations(context: DashboardContext): Panel {
  return heatmap({
    id: 31,
    title: 'Durations',
    question: 'Are all requests slower, or some? How many took how long.',
    empty: 'No requests in this time range',
    width: 10,
    unit: 's',
    queries: [redQueries(context).buckets],
  });
}
