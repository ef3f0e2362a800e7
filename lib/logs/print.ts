import { MANY_CLUSTERS } from '../values/read-clusters';
import type { LogsSettings } from './settings';

/** The notice for Promtail users. */
export const PROMTAIL_ENDED =
  'Promtail reached its end of life on 2026-03-02; logs.agent otel replaces it: docs/logs.md#switch-the-log-agent';

/** One line about the clusters whose log agent no longer receives fixes; empty if there are none. */
export function printedAgents(
  clusters: ReadonlyArray<{ readonly name: string; readonly settings: { readonly logs: LogsSettings } }>,
): string {
  const names = clusters.filter(({ settings }) => settings.logs.agent === 'promtail').map(({ name }) => name);
  const who = names.length < MANY_CLUSTERS ? names.join(', ') : `${names.length} clusters`;
  return names.length === 0 ? '' : `${who}: ${PROMTAIL_ENDED}`;
}
