import type { Row } from '../../dashboard';
import { logs } from '../../panels/logs';
import { logLines } from '../../query';
import type { LogLines } from '../log-lines';

/** The text of the log lines. */
export function lines({ lines: chosen, workload }: LogLines): Row {
  return {
    title: 'Log lines',
    answers: 'What exactly was logged?',
    height: 18,
    panels: [
      logs({
        id: 20,
        title: 'Log lines',
        description:
          'The newest lines, each after the name of its workload. Open one for its fields and its trace. Explore adds links to CPU and memory of the pod.',
        width: 24,
        queries: [logLines(`${chosen} | line_format \`{{.${workload}}}  {{__line__}}\``)],
      }),
    ],
  };
}
