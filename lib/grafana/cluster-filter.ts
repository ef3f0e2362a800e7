import { type Dashboard, dashboardUid } from './dashboard';
import type { Panel } from './panel';
import { matches, type Query } from './query';
import { clusterVariable, type Variable } from './variable';

const CLUSTER = 'cluster';

/**
 * Matcher of the selected clusters in each language. The PromQL matcher also matches series without the label. Metrics
 * of the kubelet and of kube-state-metrics have the label only in a Prometheus that collects from several clusters.
 */
const MATCHERS: Readonly<Record<Exclude<Query['language'], 'service-graph'>, string>> = {
  promql: `cluster=~\`\${${CLUSTER}:regex}|\`, `,
  logql: `${matches('cluster', CLUSTER)}, `,
  traceql: `${matches('resource.k8s.cluster.name', CLUSTER)} && `,
};

/** Matches quoted text and Grafana variables, where a brace does not start a selector, and each brace that does. */
const BRACES = /`[^`]*`|"(?:\\.|[^"\\])*"|\$\{[^}]*\}|\{/g;

/** Adds a matcher at the start of each selector of a query. */
function filtered(query: Query): Query {
  const { language, expr, shape } = query;
  if (language === 'service-graph') return { ...query, matcher: MATCHERS.promql };
  // A trace ID identifies a single trace, so no cluster filter is needed.
  return shape === 'trace' ? query : { ...query, expr: withMatcher(expr, MATCHERS[language]) };
}

function withMatcher(expr: string, matcher: string): string {
  return expr.replaceAll(BRACES, (found) => (found === '{' ? `{${matcher}` : found)).replaceAll(', }', '}');
}

/**
 * A dashboard for several clusters. Adds a cluster variable, and uses it in each query and in each link to another
 * dashboard.
 */
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

/** Also passes the selected clusters in a link to a dashboard of this product. */
function keepingCluster(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith(`/d/${dashboardUid('')}`) ? `${value}&\${${CLUSTER}:queryparam}` : value;
  if (Array.isArray(value)) return value.map(keepingCluster);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keepingCluster(item)]));
}

/** Restricts the values of a variable to the selected clusters. */
function filteredVariable(variable: Variable): Variable {
  const { model } = variable;
  const { query } = model;
  if (typeof query !== 'object' || query === null) return variable;
  const asked = query as { readonly stream?: string; readonly query?: string };
  if (asked.stream !== undefined) {
    // Loki rejects a selector that could match the empty string. The cluster matcher alone could.
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
