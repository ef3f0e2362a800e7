import type { Dashboard, Row } from '../dashboard';
import { type Column, heatmap, nodeGraph, stat, table, timeseries, traces } from '../panel';
import { promqlNow, serviceGraph, traceList } from '../query';
import { meteredService, tracedService } from '../variable';
import type { DashboardContext } from './context';
import { METER, redNow, redQueries } from './red';

/** How are the services, who calls whom, and which operation is slow? */
export function distributedTracing(context: DashboardContext): Dashboard {
  const { collector, uids } = context;
  return {
    name: 'distributed-tracing',
    title: 'Distributed Tracing Overview',
    description: collector
      ? 'How are the services? Who calls whom? Which operations are slow? Counted are all requests, also those whose traces are not kept.'
      : 'How are the services? Which operations are slow? Applications sample, so that only what they send is counted.',
    variables: [collector ? meteredService(METER, uids.prometheus) : tracedService()],
    rows: collector
      ? [total(context), services(context), byService(), graph(context), byOperation()]
      : [services(context), sampled(context)],
  };
}

function total({ namespace }: DashboardContext): Row {
  const { rate, errors, duration } = redNow();
  const kept = `job="otel-collector", namespace="${namespace}"`;
  return {
    title: 'How is everything?',
    height: 4,
    panels: [
      stat({
        id: 1,
        title: 'Requests per second',
        question: 'How much is going on, of the services chosen above?',
        empty: 'No spans are counted: do applications send traces?',
        width: 5,
        unit: 'reqps',
        queries: [rate],
      }),
      stat({
        id: 2,
        title: 'Share that fails',
        question: 'Do requests fail?',
        empty: 'No spans are counted',
        width: 5,
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.05 },
        queries: [errors],
      }),
      stat({
        id: 3,
        title: 'Duration (95 %)',
        question: 'How long do all but the slowest 5 % take?',
        empty: 'No spans are counted',
        width: 5,
        unit: 's',
        queries: [duration],
      }),
      stat({
        id: 4,
        title: 'Services',
        question: 'How many services send traces?',
        empty: 'none',
        width: 4,
        unit: 'short',
        queries: [promqlNow(`count(count by (service) (${METER}))`)],
      }),
      stat({
        id: 5,
        title: 'Share of spans kept',
        question: 'How much is sampled? Of the spans that applications send, those that Tempo is given.',
        empty: 'No spans in this time range',
        width: 5,
        unit: 'percentunit',
        queries: [
          promqlNow(
            `sum(rate(otelcol_exporter_sent_spans{${kept}}[$__range])) / sum(rate(otelcol_receiver_accepted_spans{${kept}}[$__range]))`,
          ),
        ],
      }),
    ],
  };
}

function services(context: DashboardContext): Row {
  const { rate, errors, duration } = redQueries(context);
  const empty = 'No requests in this time range: do applications send traces?';
  const share = context.collector;
  return {
    title: 'How are the services?',
    height: 9,
    panels: [
      timeseries({
        id: 10,
        title: 'Requests per second',
        question: 'Which service has more, or fewer, requests than usual?',
        empty,
        width: 8,
        unit: 'reqps',
        queries: [rate],
      }),
      timeseries({
        id: 11,
        title: share ? 'Share that fails' : 'Failures per second',
        question: 'Which service fails, and since when?',
        empty: 'No request has failed',
        width: 8,
        unit: share ? 'percentunit' : 'reqps',
        thresholds: share ? { warning: 0.01, critical: 0.05 } : undefined,
        queries: [errors],
      }),
      timeseries({
        id: 12,
        title: 'Duration (95 %)',
        question: 'Which service got slower?',
        empty,
        width: 8,
        unit: 's',
        queries: [duration],
      }),
    ],
  };
}

const NUMBERS: readonly Column[] = [
  { field: 'Value #A', title: 'Requests per second', unit: 'reqps', width: 150 },
  { field: 'Value #B', title: 'Fail', unit: 'percentunit', width: 90 },
  { field: 'Value #C', title: '95 %', unit: 's', bar: true, width: 200 },
];

function byService(): Row {
  const { rate, errors, duration } = redNow('service');
  return {
    title: 'Which service is it?',
    height: 9,
    panels: [
      table({
        id: 20,
        title: 'Services',
        question: 'All services over the time range; a click on the column of failures sorts by it.',
        empty: 'No requests in this time range',
        width: 24,
        queries: [rate, errors, duration],
        columns: [{ field: 'service', title: 'Service' }, ...NUMBERS],
        sortBy: '95 %',
      }),
    ],
  };
}

function graph(context: DashboardContext): Row {
  return {
    title: 'Who calls whom?',
    height: 12,
    panels: [
      nodeGraph({
        id: 30,
        title: 'Service graph',
        question:
          'Where does a failure begin? Each edge is a call, with its rate and duration; red is what fails.',
        empty: 'No service has called another, with spans of both sides, in this time range',
        width: 14,
        queries: [serviceGraph()],
      }),
      heatmap({
        id: 31,
        title: 'Durations',
        question: 'Are all requests slower, or some? How many took how long.',
        empty: 'No requests in this time range',
        width: 10,
        unit: 's',
        queries: [redQueries(context).buckets],
      }),
    ],
  };
}

function byOperation(): Row {
  const { rate, errors, duration } = redNow('service', 'span_name');
  const limited = (expr: string) => `topk(50, ${expr})`;
  return {
    title: 'Which operation is slow?',
    height: 12,
    panels: [
      table({
        id: 40,
        title: 'Slowest operations',
        question: 'The fifty slowest operations of the services chosen above.',
        empty: 'No requests in this time range',
        width: 24,
        queries: [
          { ...rate, expr: `${rate.expr} and ${limited(duration.expr)}` },
          { ...errors, expr: `(${errors.expr}) and ${limited(duration.expr)}` },
          { ...duration, expr: limited(duration.expr) },
        ],
        columns: [
          { field: 'service', title: 'Service', width: 220 },
          { field: 'span_name', title: 'Operation' },
          ...NUMBERS,
        ],
        sortBy: '95 %',
      }),
    ],
  };
}

function sampled(context: DashboardContext): Row {
  return {
    title: 'Which requests are slow?',
    height: 12,
    panels: [
      heatmap({
        id: 31,
        title: 'Durations',
        question: 'Are all requests slower, or some? How many took how long.',
        empty: 'No requests in this time range',
        width: 10,
        unit: 's',
        queries: [redQueries(context).buckets],
      }),
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
