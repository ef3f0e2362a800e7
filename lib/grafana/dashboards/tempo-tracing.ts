import type { Dashboard } from '../dashboard';
import { traces } from '../panels/table';
import { traceList } from '../query';
import { textOf, tracedService } from '../variable';
import { type DashboardContext, metricsIn } from './context';
import { arrivals } from './tempo-tracing/arrivals';
import { handling } from './tempo-tracing/handling';
import { store } from './tempo-tracing/store';

const NO_TRACES = 'Tempo keeps no such trace of this time range';

/** Do traces arrive, what becomes of them, and where is the one I look for? */
export function tempoTracing(context: DashboardContext): Dashboard {
  const { collector } = metricsIn(context);
  return {
    name: 'tempo-tracing',
    title: 'Tempo Tracing Dashboard',
    description: 'Do traces arrive? What is refused, kept and deleted? Where is the trace that I look for?',
    variables: [
      tracedService(),
      textOf('slower', 'Slower than', '500ms'),
      textOf('query', 'TraceQL', '{ kind = server }'),
    ],
    rows: [
      arrivals(context),
      ...(collector ? [handling(context, collector)] : []),
      store(context),
      {
        title: 'Where is the trace?',
        height: 10,
        panels: [
          traces({
            id: 30,
            title: 'Failing traces',
            question: 'Which requests failed? Up to 50 traces with a span in error.',
            empty: 'No trace with an error in this time range',
            width: 12,
            queries: [traceList('{ resource.service.name =~ "$service" && status = error }')],
          }),
          traces({
            id: 31,
            title: 'Slow traces',
            question:
              'Which requests were slow? Up to 50 traces that took longer than chosen above, the slowest first.',
            empty: NO_TRACES,
            width: 12,
            queries: [traceList('{ resource.service.name =~ "$service" && trace:duration > ${slower:raw} }')],
          }),
        ],
      },
      {
        title: 'What does a search find?',
        height: 10,
        panels: [
          traces({
            id: 32,
            title: 'Search',
            question: 'Which traces match the TraceQL above? A click on an id opens the trace.',
            empty: NO_TRACES,
            width: 24,
            queries: [traceList('${query:raw}')],
          }),
        ],
      },
    ],
  };
}
