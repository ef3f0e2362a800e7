import type { Dashboard } from '../dashboard';
import { textOf } from '../variable';
import { type DashboardContext, workloadLabel, workloadVariables } from './context';
import { failures } from './log-analysis/failures';
import { limits } from './log-analysis/limits';
import { noise } from './log-analysis/noise';
import { requests } from './log-analysis/requests';

/** Who is noisy, what fails, how do requests go, and is Loki at its limits? */
export function logAnalysis(context: DashboardContext): Dashboard {
  const workload = workloadLabel(context);
  const selector = `{namespace=~"$namespace", ${workload}=~"$workload"}`;
  return {
    name: 'log-analysis',
    title: 'Log Analysis Dashboard',
    description: 'Who is noisy? What fails, and what is new? How do requests go? Is Loki at its limits?',
    variables: [...workloadVariables(context), textOf('duration', 'Field of durations', 'duration_ms')],
    rows: [
      noise(context, selector, workload),
      failures(selector, workload),
      requests(selector, workload),
      limits(context),
    ],
  };
}
