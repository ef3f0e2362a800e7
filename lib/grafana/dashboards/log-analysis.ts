import type { Dashboard } from '../dashboard';
import { durationOf, textOf } from '../variable';
import { type DashboardContext, metricsIn } from './context';
import { health } from './health';
import { errorRates, errors } from './log-analysis/errors';
import { limits } from './log-analysis/limits';
import { requests } from './log-analysis/requests';
import { pods, volume } from './log-analysis/volume';
import {
  errorRate,
  type LogLines,
  ofWorkloads,
  workloadLabel,
  workloadVariables,
  worstWorkload,
} from './log-lines';
import { storeRequests } from './store-requests';

/** Time windows for new errors, in hours. Each window is compared with the window of the same length before it. */
const HOURS = [1, 3, 6, 12, 24, 72];

/** What fails, which errors are new, how do requests perform, which workloads log most, and is Loki near its limits? */
export function logAnalysis(context: DashboardContext): Dashboard {
  const workload = workloadLabel(context);
  const chosen: LogLines = { lines: `{${ofWorkloads(workload)}}`, workload };
  const hours = HOURS.filter((one) => 2 * one * 3_600 <= context.logRetention.seconds);
  const { loki } = metricsIn(context);
  return {
    name: 'log-analysis',
    title: 'Log Analysis Dashboard',
    description: 'What fails, and what is new? How do requests go? Who is noisy? Is Loki at its limits?',
    variables: [
      ...workloadVariables(context),
      durationOf(
        'recent',
        'New within',
        hours.map((one) => `${one}h`),
      ),
      textOf(
        'duration',
        'Duration field',
        'duration_ms',
        'Field of the log lines that holds the duration of a request.',
      ),
    ],
    rows: [
      health(context, [worstWorkload(chosen), errorRate(chosen, 13, 5)]),
      errors(chosen),
      errorRates(chosen),
      requests(chosen),
      volume(context, chosen),
      pods(context),
      limits(context),
      storeRequests({
        store: 'Loki',
        ids: [40, 41, 42, 43],
        writes: {
          histogram: 'loki_request_duration_seconds',
          matchers: ['route=~"loki_api_v1_push|otlp_v1_logs"'],
          by: 'status_code',
        },
        reads: {
          histogram: 'loki_request_duration_seconds',
          matchers: ['route=~"loki_api_v1_.+"', 'route!~"loki_api_v1_(push|tail|status_buildinfo)"'],
          by: 'status_code',
          // Loki 3.7.6 returns a few 500 responses whenever a user views log lines.
          note: ' Loki counts each part of a split query, and a part that it cancels because it has enough lines as 500.',
        },
        metrics: loki,
      }),
    ],
  };
}
