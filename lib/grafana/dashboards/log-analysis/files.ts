import { logqlNow, matches, promqlNow, type Query } from '../../query';
import { type DashboardContext, metricsIn } from '../context';

/** Matcher of the log files in the selected namespaces: `<folder>/<namespace>_<pod>_<uid>/<container>/0.log`. */
const FILES = 'path=~`.*/(${namespace:regex})_[^/]+/.+`';

/**
 * Replaces the namespace and pod labels of Promtail's file metrics with those of the pod that wrote the file. To get
 * the same figures, Loki would have to read every line, and it returns at most loki.limits.maxQuerySeries of them.
 */
function ofPods(metrics: string): string {
  const file = '.*/([^_/]+)_([^_/]+)_[^/]+/[^/]+/[^/]+';
  const named = `label_replace(${metrics}, "namespace", "$1", "path", "${file}")`;
  return `label_replace(${named}, "pod", "$2", "path", "${file}")`;
}

/** Queries about the log files of pods. The data comes from the agent that reads the files, or else from Loki. */
export interface FileQueries {
  /** Source of the figures, phrased as the end of a sentence. */
  readonly bytesFrom: string;
  /** Bytes in the time range, for the twenty pods with the most bytes. */
  readonly bytesByPod: Query;
  /** Number of containers with a line in the last five minutes, by namespace. */
  readonly activeByNamespace: Query;
}

/** Queries about log files. Only Promtail exposes metrics per file. */
export function fileQueries(context: DashboardContext): FileQueries {
  const { agent } = metricsIn(context);
  if (agent !== undefined && context.names.agent?.kind === 'promtail') {
    const read = (metric: string, range: string) => `increase(${agent(metric, FILES)}[${range}])`;
    return {
      bytesFrom: 'from whose files Promtail read most bytes',
      bytesByPod: promqlNow(
        `topk(20, sum by (namespace, pod) (${ofPods(read('promtail_read_bytes_total', '$__range'))}))`,
      ),
      activeByNamespace: promqlNow(
        `topk(20, count by (namespace) (${ofPods(`${read('promtail_read_lines_total', '5m')} > 0`)}))`,
      ),
    };
  }
  const lines = `{${matches('namespace', 'namespace')}}`;
  return {
    bytesFrom: 'whose lines in Loki have most bytes',
    bytesByPod: logqlNow(`approx_topk(20, sum by (namespace, pod) (bytes_over_time(${lines} [$__range])))`),
    activeByNamespace: logqlNow(
      `topk(20, count by (namespace) (count_over_time(${lines} | keep namespace, pod, container [5m])))`,
    ),
  };
}
