import type { Row } from '../../dashboard';
import { heatmap } from '../../panels/heatmap';
import { nodeGraph } from '../../panels/node-graph';
import { traceTable } from '../../panels/traces';
import { serviceGraph, traceList } from '../../query';
import type { DashboardContext } from '../context';
import { redQueries, TRACED_SERVICE } from '../red';
import { toTraces } from './tables';

/** The service graph: which services call each other. */
export function graph(): Row {
  return {
    title: 'Service graph',
    answers: 'Who calls whom, and where does a failure begin?',
    height: 20,
    panels: [
      nodeGraph({
        id: 30,
        title: 'Service graph',
        description:
          'Calls to and from the chosen services, with their rate and mean duration; red is the part that fails. Empty if no service called another, with spans of both sides. A service leads to its traces.',
        width: 24,
        link: toTraces('title'),
        queries: [serviceGraph('service')],
      }),
    ],
  };
}

/** The distribution of request durations. */
export function durations(context: DashboardContext): Row {
  return {
    title: 'Durations',
    answers: 'Are all requests slower, or only some?',
    height: 9,
    panels: [
      heatmap({
        id: 31,
        title: 'Request durations',
        description: 'Requests to the chosen services by their duration, over time.',
        width: 24,
        unit: 's',
        queries: [redQueries(context).buckets],
      }),
    ],
  };
}

/** Slow traces, for a stack where clients sample and spans are not counted. */
export function slowTraces(): Row {
  return {
    title: 'Slow traces',
    answers: 'Which requests are slow?',
    height: 10,
    panels: [
      traceTable({
        id: 41,
        title: 'Slow traces',
        description:
          'Up to 50 traces of the chosen services that took longer than 1 s, the slowest first. Empty if there are none.',
        width: 24,
        sortBy: 'Duration',
        queries: [traceList(`{ ${TRACED_SERVICE} && trace:duration > 1s }`)],
      }),
    ],
  };
}
