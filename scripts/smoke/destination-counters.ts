import type { Settings } from '../../lib/settings';
import { tenantsOf } from '../../lib/tenants/tenants';

/** The counters of one sender about one destination, and what else it tells. */
export interface SenderCounters {
  /** The workload, whose log shows why a destination rejects something. */
  readonly workload: string;
  /** Selectors of what the destination accepted. */
  readonly sent: readonly string[];
  /** Selectors of what the sender dropped. */
  readonly failed: readonly string[];
  /** A query for what explains that nothing arrives, and its words. */
  readonly waiting: {
    promql(startMs: number): string;
    inWords(value: number, status: string | undefined): string;
  };
}

/** Where the counters of a destination are. */
export interface Place {
  readonly settings: Settings;
  /** Services that Prometheus scrapes. */
  readonly jobs: readonly string[];
}

/** By how much each series of a counter grew since a time: its whole value if it did not exist then, or began anew. */
export function grownSince(counter: string, startMs: number): string {
  return `(${counter} - ${counter} @ ${(startMs / 1_000).toFixed(3)} >= 0) or ${counter}`;
}

/** The counters of every sender of logs. */
export function logCounters(name: string, { url }: { readonly url: string }, place: Place): SenderCounters[] {
  const { logs } = place.settings;
  const all = [
    ...(logs.agent === 'promtail' ? [ofPromtail(url, place)] : []),
    ofCollector('daemonset/otel-agent', 'log_records', `logs-${name}`, place),
    ofCollector('deployment/event-collector', 'log_records', name, place),
    ...(logs.otlp.enabled
      ? [ofCollector('deployment/otel-collector', 'log_records', `logs-${name}`, place)]
      : []),
  ];
  return all.filter(({ workload }) => place.jobs.includes(jobOf(workload)));
}

/** The counters of the collector that sends sampled spans. */
export function spanCounters(name: string, place: Place): SenderCounters[] {
  const sender = ['statefulset/otel-sampler', 'deployment/otel-collector'].find((one) =>
    place.jobs.includes(jobOf(one)),
  );
  return sender === undefined ? [] : [ofCollector(sender, 'spans', `traces-${name}`, place)];
}

const jobOf = (workload: string) => workload.replace(/^.*\//, '');

function ofPromtail(url: string, { settings }: Place): SenderCounters {
  // The label has the port as it is written, unlike URL.host, which omits that of the scheme.
  const [, host = ''] = /^https?:\/\/([^/]+)/.exec(url) ?? [];
  const selector = (metric: string, more = '') =>
    `${metric}{job="promtail",namespace="${settings.cluster.namespace}",host="${host}"${more}}`;
  const refused = selector('promtail_request_duration_seconds_count', ',status_code!~"2.."');
  return {
    workload: 'daemonset/promtail',
    sent: [selector('promtail_sent_entries_total')],
    failed: [selector('promtail_dropped_entries_total')],
    waiting: {
      promql: (startMs) => `sum by (status_code) (${grownSince(refused, startMs)})`,
      // Promtail counts requests without a response under the status -1.
      inWords: (requests, status) =>
        `${requests} requests ended ${status === '-1' ? 'without a response' : `with HTTP ${status}`}`,
    },
  };
}

/** An exporter counts under its id, which ends with the tenant if each has a queue of its own. */
function ofCollector(
  workload: string,
  unit: 'log_records' | 'spans',
  exporter: string,
  { settings }: Place,
): SenderCounters {
  const tenants = tenantsOf(settings.tenants).map(({ name }) => name);
  const id = `otlp_http/${exporter}${tenants.length === 0 ? '' : `(-(${tenants.join('|')}))?`}`;
  const selector = (metric: string) =>
    `otelcol_exporter_${metric}{job="${jobOf(workload)}",namespace="${settings.cluster.namespace}",exporter=~"${id}"}`;
  return {
    workload,
    sent: [selector(`sent_${unit}`)],
    // The second one counts what a full queue rejects.
    failed: [selector(`send_failed_${unit}`), selector(`enqueue_failed_${unit}`)],
    waiting: {
      promql: () => `sum(${selector('queue_size')})`,
      inWords: (bytes) => `${bytes} bytes wait in the queue of ${workload}`,
    },
  };
}
