import {
  correlated,
  datasourceOf,
  derivedFields,
  logsOfSpan,
  metricsOfSpan,
  type Tag,
} from '../support/jumps';
import { withoutVariables } from '../support/queries';
import type { Manifest } from '../support/render';
import type { LokiClient } from './loki-client';
import type { Prometheus } from './prometheus';
import { readTrace } from './tempo-client';

/** A program for each datasource that a jump leads to. */
export interface Programs {
  readonly prometheus: Prometheus;
  readonly loki: LokiClient;
  /** Address of Tempo. */
  readonly tempo: string;
}

/** How much is found at the end of each jump that begins at a line with a trace id. */
export async function jump(objects: readonly Manifest[], traceId: string, programs: Programs) {
  const [loki, tempo] = [datasourceOf(objects, 'Loki'), datasourceOf(objects, 'Tempo')];
  const found: Record<string, number> = {};
  const entries = await programs.loki.entries(`{namespace="apps"} |= "${traceId}"`, Date.now() - 600_000);
  const [entry] = entries;
  if (!entry) throw new Error(`no line has the trace id ${traceId}`);
  const labels = { ...entry.labels, ...entry.metadata };
  for (const [name, id] of Object.entries(derivedFields(loki, entry.line, labels)))
    found[`line to trace, by the field "${name}"`] = (await readTrace(programs.tempo, id)).length;
  for (const link of loki.correlations) {
    const query = withoutVariables(link.config.target.expr, correlated(link, labels));
    found[`line to ${link.label}`] = (await programs.prometheus.query(query)).length;
  }
  const [span] = await readTrace(programs.tempo, traceId);
  const tags: Tag[] = Object.entries(span?.resource ?? {}).map(([key, value]) => ({ key, value }));
  const lines = await programs.loki.entries(logsOfSpan(tempo, traceId, tags), Date.now() - 600_000);
  found['span to its lines'] = lines.length;
  for (const [index, query] of metricsOfSpan(tempo, tags).entries()) {
    const { name } = tempo.jsonData.tracesToMetrics.queries[index];
    const series = await programs.prometheus.query(query.replaceAll('$__rate_interval', '30s'));
    found[`span to ${name}`] = series.length;
  }
  return found;
}
