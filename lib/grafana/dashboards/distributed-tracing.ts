import type { Dashboard } from '../dashboard';
import { meteredService, tracedService } from '../variable';
import { type DashboardContext, metricsIn } from './context';
import { graph, sampled } from './distributed-tracing/graph';
import { services } from './distributed-tracing/services';
import { byOperation, byService } from './distributed-tracing/tables';
import { total } from './distributed-tracing/total';
import { METER } from './red';

/** How are the services, who calls whom, and which operation is slow? */
export function distributedTracing(context: DashboardContext): Dashboard {
  const { uids } = context;
  const { collector } = metricsIn(context);
  return {
    name: 'distributed-tracing',
    title: 'Distributed Tracing Overview',
    description: collector
      ? 'How are the services? Who calls whom? Which operations are slow? Counted are all requests, also those whose traces are not kept.'
      : 'How are the services? Which operations are slow? Applications sample, so that only what they send is counted.',
    variables: [collector ? meteredService(METER, uids.prometheus) : tracedService()],
    rows: collector
      ? [total(collector), services(context), byService(), graph(context), byOperation()]
      : [services(context), sampled(context)],
  };
}
