import type { Dashboard } from '../dashboard';
import { TRACE_PANEL } from '../panels/traces';
import { textOf, tracedService } from '../variable';
import { type DashboardContext, metricsIn } from './context';
import { health } from './health';
import { worstService } from './red';
import { storeRequests } from './store-requests';
import { collection } from './tempo-tracing/collection';
import { lostSpans } from './tempo-tracing/lost-spans';
import { overview } from './tempo-tracing/overview';
import { storage } from './tempo-tracing/storage';
import { oneTrace, search, traces } from './tempo-tracing/traces';

/** Do traces arrive, how are they processed, and where is a specific trace? */
export function tempoTracing(context: DashboardContext): Dashboard {
  const { tempo, collector } = metricsIn(context);
  return {
    name: TRACE_PANEL.dashboard,
    title: 'Tempo Tracing Dashboard',
    description: 'Which requests failed or were slow? Do traces arrive, and what does Tempo keep of them?',
    variables: [
      tracedService(context.uids),
      textOf('slower', 'Slower than', '500ms', 'Shortest duration of a slow trace, such as 500ms or 2s.'),
      textOf('query', 'TraceQL', '{ kind = server }', 'Query of the panel Search.'),
      textOf(TRACE_PANEL.variable, 'Trace ID', '', 'The trace that the panel Trace shows.'),
    ],
    rows: [
      health(context, [worstService(context), lostSpans(context)]),
      overview(context),
      traces(),
      search(),
      oneTrace(),
      ...(collector ? [collection(context, collector)] : []),
      storage(context),
      storeRequests({
        store: 'Tempo',
        metrics: tempo,
        ids: [40, 41, 42, 43],
        writes: { histogram: 'tempo_distributor_push_duration_seconds', matchers: [] },
        reads: {
          histogram: 'tempo_request_duration_seconds',
          matchers: ['route=~"api_.+"', 'route!~"api_(echo|status_buildinfo)"'],
          by: 'status_code',
        },
      }),
    ],
  };
}
