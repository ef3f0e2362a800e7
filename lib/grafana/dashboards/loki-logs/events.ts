import type { Row } from '../../dashboard';
import { logs } from '../../panels/logs';
import { timeseries } from '../../panels/timeseries';
import { logLines, logql, matches } from '../../query';
import type { DashboardContext } from '../context';

/** Kubernetes events of the selected namespaces, pods and words. They have no workload and no pod label. */
export function events({ eventsApp }: DashboardContext): Row[] {
  if (eventsApp === undefined) return [];
  const chosen = `{app="${eventsApp}", ${matches('namespace', 'namespace')}} |~ \`(?i)\${search:raw}\` | ${matches('object_name', 'pod')}`;
  return [
    {
      title: 'Kubernetes events',
      answers: 'What did Kubernetes do with the pods, and why?',
      height: 8,
      panels: [
        timeseries({
          id: 31,
          title: 'Warnings by reason',
          description:
            'Events of type Warning. Kubernetes counts repetitions in one event, and reports each change of the count.',
          width: 8,
          unit: 'short',
          stacked: true,
          queries: [
            logql(
              `topk(10, sum by (reason) (count_over_time(${chosen} | detected_level="warn" [$__auto])))`,
              '{{reason}}',
            ),
          ],
        }),
        logs({
          id: 30,
          title: 'Kubernetes events',
          description:
            'The newest events: reason, object and message. Follows the namespace, pod and search filters. Events about nodes are in the namespace default.',
          width: 16,
          queries: [logLines(chosen)],
        }),
      ],
    },
  ];
}
