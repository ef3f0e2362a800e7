import type { Dashboard } from '../dashboard';
import { meteredService, tracedService } from '../variable';
import { type DashboardContext, metricsIn } from './context';
import { durations, graph, slowTraces } from './distributed-tracing/graph';
import { overview } from './distributed-tracing/overview';
import { services } from './distributed-tracing/services';
import { byOperation, byService } from './distributed-tracing/tables';
import { health } from './health';
import { METER, slowestService, worstService } from './red';

/** How healthy are the services, which services call each other, and which operations are slow? */
export function distributedTracing(context: DashboardContext): Dashboard {
  const { collector } = metricsIn(context);
  const first = health(context, [worstService(context), slowestService(context)]);
  return {
    name: 'distributed-tracing',
    title: 'Distributed Tracing Overview',
    description: collector
      ? 'How are the services? Who calls whom? Which operations fail or are slow? All requests are counted, including those whose traces are not kept.'
      : 'How are the services? Which requests are slow? Applications sample, so only what they send is counted.',
    variables: [collector ? meteredService(METER, context.uids) : tracedService(context.uids)],
    rows: collector
      ? [
          first,
          overview(collector),
          byService(),
          graph(),
          services(context),
          byOperation(),
          durations(context),
        ]
      : [first, services(context), durations(context), slowTraces()],
  };
}
