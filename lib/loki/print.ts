import { MANY_CLUSTERS } from '../values/read-clusters';
import type { LogAlertFile } from './log-alert';

/** The part of a cluster's settings that decides whether it evaluates log alerts. */
interface LogAlertCluster {
  readonly name: string;
  readonly settings: { readonly loki: { readonly enabled: boolean } };
}

/** One line about the clusters in which no Loki evaluates the files of `log-alerts/`; empty if there are none. */
export function printedLogAlerts(
  clusters: readonly LogAlertCluster[],
  files: readonly Pick<LogAlertFile, 'name'>[],
): string {
  const names = clusters.filter(({ settings }) => !settings.loki.enabled).map(({ name }) => name);
  if (files.length === 0 || names.length === 0) return '';
  const who = names.length < MANY_CLUSTERS ? names.join(', ') : `${names.length} clusters`;
  const what = files.map(({ name }) => `log-alerts/${name}`).join(', ');
  return `${who}: ${what} ${files.length === 1 ? 'has' : 'have'} no effect with loki.enabled false, because no Loki evaluates log alerts`;
}
