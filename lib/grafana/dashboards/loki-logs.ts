import type { Dashboard } from '../dashboard';
import { logs } from '../panels/logs';
import { logLines } from '../query';
import { choiceOf, logLabel, textOf } from '../variable';
import { type DashboardContext, workloadLabel, workloadVariables } from './context';
import { overview } from './loki-logs/overview';
import { NO_LINES, sources } from './loki-logs/sources';

/** Levels that Loki finds. */
const LEVELS = ['critical', 'fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'];

/** Is something wrong in the logs, where, and what do they say? */
export function lokiLogs(context: DashboardContext): Dashboard {
  const workload = workloadLabel(context);
  const selector = `{namespace=~"$namespace", ${workload}=~"$workload", pod=~"$pod"}`;
  const wanted = `${selector} |~ \`(?i)\${search:raw}\` | detected_level=~"$level"`;
  return {
    name: 'loki-logs',
    title: 'Loki Logs Dashboard',
    description: 'Is something wrong in the logs? Where does it come from? What do the lines say?',
    variables: [
      ...workloadVariables(context),
      logLabel('pod', 'Pod', `{namespace=~"$namespace", ${workload}=~"$workload"}`),
      choiceOf('level', 'Level', LEVELS),
      textOf('search', 'Search (regular expression)', ''),
    ],
    rows: [
      overview(context, selector, wanted),
      ...sources(selector, wanted, workload),
      {
        title: 'What do the lines say?',
        height: 18,
        panels: [
          logs({
            id: 20,
            title: 'Lines',
            question:
              'What exactly was logged? Open a line for its fields and its trace; Explore adds the metrics of its pod.',
            empty: NO_LINES,
            width: 24,
            queries: [logLines(wanted)],
          }),
        ],
      },
    ],
  };
}
