import type { Dashboard } from '../dashboard';
import { matches } from '../query';
import { choiceOf, logLabel, textOf } from '../variable';
import type { DashboardContext } from './context';
import { health } from './health';
import { type LogLines, ofWorkloads, workloadLabel, workloadVariables, worstWorkload } from './log-lines';
import { discardedLines } from './loki-logs/discarded-lines';
import { events } from './loki-logs/events';
import { lines } from './loki-logs/lines';
import { overview } from './loki-logs/overview';
import { errorSources, sources } from './loki-logs/sources';

/** Log levels that Loki detects. */
const LEVELS = ['critical', 'fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'];

/** Do the logs report a problem, which workload has it, and what do its lines say? */
export function lokiLogs(context: DashboardContext): Dashboard {
  const workload = workloadLabel(context);
  const selector = `{${ofWorkloads(workload)}, ${matches('pod', 'pod')}}`;
  const chosen: LogLines = {
    lines: `${selector} |~ \`(?i)\${search:raw}\` | ${matches('detected_level', 'level')}`,
    workload,
  };
  return {
    name: 'loki-logs',
    title: 'Loki Logs Dashboard',
    description: 'Is something wrong in the logs? Where does it come from? What do the lines say?',
    variables: [
      ...workloadVariables(context),
      logLabel('pod', 'Pod', `{${ofWorkloads(workload)}}`, context.uids),
      choiceOf('level', 'Level', LEVELS),
      textOf('search', 'Search', '', 'Regular expression, in any case. \\( finds a bracket. No backticks.'),
    ],
    rows: [
      health(context, [worstWorkload(chosen), discardedLines(context)]),
      overview(chosen),
      errorSources(chosen),
      sources(chosen),
      ...events(context),
      lines(chosen),
    ],
  };
}
