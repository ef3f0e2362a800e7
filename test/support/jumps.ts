import { parse } from 'yaml';
import { unescaped } from './queries';
import type { Manifest } from './render';

// What Grafana does with a line, or with a span, before it shows a link:
// https://github.com/grafana/grafana/tree/v13.0.0/public/app/plugins/datasource/loki/getDerivedFields.ts
// https://github.com/grafana/grafana/tree/v13.0.0/public/app/features/explore/TraceView/createSpanLink.tsx
// https://github.com/grafana/grafana/tree/v13.0.0/packages/grafana-data/src/utils/dataLinks.ts

/** A datasource of the Secret, as Grafana has it once its file is read. */
export function datasourceOf(objects: readonly Manifest[], name: string): Manifest {
  const secret = objects.find(({ metadata }) => metadata.name === 'grafana-datasources-logs-and-traces');
  const text = secret?.stringData['logs-and-traces.yaml'];
  return parse(unescaped(text)).datasources.find((one: Manifest) => one.name === name);
}

/** Values that the derived fields of Loki find in a line and its labels, by name. */
export function derivedFields(
  loki: Manifest,
  line: string,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  const found = loki.jsonData.derivedFields.map(({ name, matcherType, matcherRegex }: Manifest) => {
    if (matcherType !== 'label') return [name, line.match(matcherRegex)?.[1]];
    const key = Object.keys(labels).find((one) => new RegExp(matcherRegex).test(one));
    return [name, key && labels[key]];
  });
  return Object.fromEntries(found.filter(([, value]: [string, unknown]) => value));
}

/** Attribute of a span, or of what sent it. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** `label="value"` of every attribute that the span has and the datasource maps. */
export function tagsOf(mapped: readonly Manifest[], tags: readonly Tag[]): string {
  return tags
    .flatMap(({ key, value }) => {
      const tag = mapped.find((one) => one.key === key);
      return tag ? [`${tag.value}="${value}"`] : [];
    })
    .join(', ');
}

/** The query of Loki that Grafana opens from a span. */
export function logsOfSpan(tempo: Manifest, traceId: string, tags: readonly Tag[]): string {
  const { query, tags: mapped } = tempo.jsonData.tracesToLogsV2;
  return query.replace('${__tags}', tagsOf(mapped, tags)).replace('${__trace.traceId}', traceId);
}

/** The queries of Prometheus that Grafana opens from a span. */
export function metricsOfSpan(tempo: Manifest, tags: readonly Tag[]): string[] {
  const { queries, tags: mapped } = tempo.jsonData.tracesToMetrics;
  return queries.map(({ query }: Manifest) => query.replaceAll('$__tags', tagsOf(mapped, tags)));
}

/** Variables that a correlation finds in a line: Grafana has the labels in one field, which it writes as JSON. */
export function correlated(
  { config }: Manifest,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  const text = JSON.stringify(labels);
  return Object.fromEntries(
    config.transformations.flatMap(({ expression, mapValue }: Manifest) => {
      const last = [...text.matchAll(new RegExp(expression, 'gi'))].at(-1);
      return last ? [[mapValue, last[1] ?? last[0]]] : [];
    }),
  );
}
