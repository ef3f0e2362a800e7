import { type Dashboard, dashboardUid } from './dashboard';
import type { Panel } from './panel';
import { matches, type Query } from './query';
import { clusterVariable, type Variable } from './variable';

const CLUSTER = 'cluster';

/**
 * Matcher of the chosen clusters in each language. PromQL also matches series without the label: metrics of the kubelet
 * and of kube-state-metrics have it only in a Prometheus that collects from several clusters.
 */
const MATCHERS: Readonly<Record<Exclude<Query['language'], 'service-graph'>, string>> = {
  promql: `cluster=~\`\${${CLUSTER}:regex}|\`, `,
  logql: `${matches('cluster', CLUSTER)}, `,
  traceql: `${matches('resource.k8s.cluster.name', CLUSTER)} && `,
};

/** Quoted text and variables of Grafana, in which a brace begins no selector; and the brace that does. */
const BRACES = /`[^`]*`|"(?:\\.|[^"\\])*"|\$\{[^}]*\}|\{/g;

/** A query with a matcher at the start of each selector. */
function filtered(query: Query): Query {
  const { language, expr, shape } = query;
  if (language === 'service-graph') return { ...query, matcher: MATCHERS.promql };
  // One trace is found by its id.
  return shape === 'trace' ? query : { ...query, expr: withMatcher(expr, MATCHERS[language]) };
}

function withMatcher(expr: string, matcher: string): string {
  return expr.replaceAll(BRACES, (found) => (found === '{' ? `{${matcher}` : found)).replaceAll(', }', '}');
}

/** A dashboard for several clusters: a variable to choose them, in each query, and in each link to another dashboard. */
export function withClusterFilter(dashboard: Dashboard): Dashboard {
  const [first] = dashboard.variables;
  const variables = dashboard.variables.map(filteredVariable);
  return {
    ...dashboard,
    variables: [...(first ? [clusterVariable(CLUSTER, first)] : []), ...variables],
    rows: dashboard.rows.map((row) => ({ ...row, panels: row.panels.map(filteredPanel) })),
  };
}

function filteredPanel(panel: Panel): Panel {
  const { queries, ...rest } = panel;
  return { ...(keepingCluster(rest) as Panel), queries: queries.map(filtered) };
}

/** A link to a dashboard of this product also passes the chosen clusters. */
function keepingCluster(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith(`/d/${dashboardUid('')}`) ? `${value}&\${${CLUSTER}:queryparam}` : value;
  if (Array.isArray(value)) return value.map(keepingCluster);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keepingCluster(item)]));
}

/** Values that exist in the chosen clusters. */
function filteredVariable(variable: Variable): Variable {
  const { model } = variable;
  const { query } = model;
  if (typeof query !== 'object' || query === null) return variable;
  const asked = query as { readonly stream?: string; readonly query?: string };
  if (asked.stream !== undefined) {
    // Loki rejects a selector that could match the empty text, as that of the clusters alone.
    const stream = asked.stream === '' ? '{namespace=~`..*`}' : asked.stream;
    return {
      ...variable,
      model: { ...model, query: { ...asked, stream: withMatcher(stream, MATCHERS.logql) } },
    };
  }
  if (asked.query === undefined) return variable;
  const labelValues = asked.query.replace(
    /(?<=^label_values\()\w+/,
    `$&{${MATCHERS.promql.replace(/, $/, '').replaceAll('$', '$$$$')}}`,
  );
  return { ...variable, model: { ...model, query: { ...asked, query: labelValues } } };
}
