import type { LRParser } from '@lezer/lr';
import { parsable } from '../../lib/loki/logql';
import { panelsOf } from './dashboards';
import type { Manifest } from './render';

/** A query language, and a query in it. */
export interface FoundQuery {
  readonly language: 'promql' | 'logql' | 'traceql';
  readonly query: string;
  /** Where it stands, for messages. */
  readonly place: string;
}

/** The types of these packages are for ES modules only. */
const parserOf = (name: string) => (require(name) as { parser: LRParser }).parser;

/** The grammars that Grafana's editors have. */
const PARSERS: Record<FoundQuery['language'], LRParser> = {
  promql: parserOf('@prometheus-io/lezer-promql'),
  logql: parserOf('@grafana/lezer-logql'),
  traceql: parserOf('@grafana/lezer-traceql'),
};

/** What Grafana replaces before it asks, by something of the same kind. */
const VARIABLES: Record<string, string> = {
  __auto: '5m',
  __interval: '5m',
  __rate_interval: '5m',
  __range: '1h',
  __tags: 'service="x"',
  recent: '1h',
  slower: '500ms',
  query: '{ kind = server }',
};

/** The query with something in the place of each variable. */
export function withoutVariables(query: string, values: Readonly<Record<string, string>> = {}): string {
  return query.replaceAll(
    /\$(?:\{(\w+)(?:[.:]\w+)*\}|(\w+))/g,
    (_, braced, bare) => ({ ...VARIABLES, ...values })[(braced ?? bare) as string] ?? 'x',
  );
}

/** Places where the grammar of the language does not hold. */
export function grammarErrors({ language, query }: FoundQuery): string[] {
  const text = withoutVariables(query);
  const errors: string[] = [];
  PARSERS[language].parse(parsable(text)).iterate({
    enter: ({ type, from }) => {
      if (type.isError) errors.push(`${text.slice(0, from)}⟨here⟩${text.slice(from)}`);
    },
  });
  return errors;
}

/** A piece of a query: kind and text. */
export interface Piece {
  readonly kind: string;
  readonly text: string;
  /** Kinds of the pieces around it, the nearest first. */
  readonly within: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Every piece of a query, outer ones first. */
export function pieces(language: FoundQuery['language'], query: string): Piece[] {
  const text = withoutVariables(query);
  const found: Piece[] = [];
  PARSERS[language].parse(parsable(text)).iterate({
    enter: ({ name, from, to, node }) => {
      const within: string[] = [];
      for (let up = node.parent; up; up = up.parent) within.push(up.name);
      found.push({ kind: name, text: text.slice(from, to), within, from, to });
    },
  });
  return found;
}

/** Every query in the objects of a cluster: panels and variables of dashboards, jumps of datasources, alerts. */
export function queriesIn(objects: readonly Manifest[], parse: (text: string) => Manifest): FoundQuery[] {
  return objects.flatMap(({ kind, metadata, data, stringData, spec }) => {
    if (kind === 'PrometheusRule') return spec.groups.flatMap(alertQueries);
    const files = { ...data, ...stringData } as Record<string, string>;
    if (metadata.name.startsWith('grafana-dashboard-'))
      return Object.values(files).flatMap((text) => dashboardQueries(JSON.parse(parsable(text))));
    if (metadata.name.startsWith('grafana-datasources-'))
      return Object.values(files).flatMap((text) => datasourceQueries(parse(text)));
    return [];
  });
}

function alertQueries({ rules }: Manifest): FoundQuery[] {
  return rules.map(({ alert, expr }: Manifest) => ({ language: 'promql', query: expr, place: alert }));
}

function dashboardQueries(dashboard: Manifest): FoundQuery[] {
  const { title, templating } = dashboard;
  // A trace is found by its id, which is no TraceQL.
  const asking = panelsOf(dashboard).filter(({ type }) => type !== 'traces');
  const targets = asking.flatMap((panel) =>
    panel.targets.map((target: Manifest) => ({ target, place: `${title}: ${panel.title}` })),
  );
  const variables = templating.list.flatMap(({ name, query }: Manifest) => {
    const [, metric] = /^label_values\((.+), \w+\)$/.exec(query?.query ?? '') ?? [];
    const place = `${title}: variable ${name}`;
    if (metric) return [{ language: 'promql', query: metric, place }];
    return query?.stream ? [{ language: 'logql', query: query.stream, place }] : [];
  });
  return [
    ...variables,
    ...targets.flatMap(({ target, place }: Manifest) => {
      const languages: Record<string, string> = { prometheus: 'promql', loki: 'logql', tempo: 'traceql' };
      if (target.queryType === 'serviceMap')
        return target.serviceMapQuery.map((calls: string) => ({
          language: 'promql',
          query: `traces_service_graph_request_total${calls}`,
          place,
        }));
      const query = target.expr ?? target.query;
      return [{ language: languages[target.datasource.type], query, place }];
    }),
  ];
}

function datasourceQueries({ datasources }: Manifest): FoundQuery[] {
  return datasources.flatMap(({ name, jsonData, correlations = [] }: Manifest) => [
    ...correlations.map(({ label, config }: Manifest) => ({
      language: 'promql',
      query: unescaped(config.target.expr),
      place: `${name}: ${label}`,
    })),
    ...(jsonData.tracesToMetrics?.queries ?? []).map((jump: Manifest) => ({
      language: 'promql',
      query: unescaped(jump.query),
      place: `${name}: ${jump.name}`,
    })),
    ...(jsonData.tracesToLogsV2?.query
      ? [
          {
            language: 'logql',
            query: unescaped(jsonData.tracesToLogsV2.query).replace('${__tags}', 'namespace="x"'),
            place: `${name}: logs of a span`,
          },
        ]
      : []),
  ]);
}

/** What Grafana reads of a provisioning file. */
export const unescaped = (text: string) => text.replaceAll('$$', '$');
