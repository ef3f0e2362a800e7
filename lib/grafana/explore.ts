import { type DatasourceUids, datasourceOf, type Query, target } from './query';

/** A variable of Grafana, which it replaces in a link; everything else is percent-encoded. */
const VARIABLE = /(\$\{[^}]+\}|\$\w+)/;

/**
 * Address of Explore with a query in it, for the time range that is shown.
 *
 * @see https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/#generate-explore-urls-from-external-tools
 */
export function exploreUrl(query: Query, uids: DatasourceUids): string {
  const pane = {
    datasource: datasourceOf(query, uids).uid,
    queries: [target({ ...query, expr: forLink(query.expr) }, 'A', uids)],
    range: { from: '${__from}', to: '${__to}' },
  };
  const text = JSON.stringify({ a: pane });
  const encoded = text
    .split(VARIABLE)
    .map((part) => (VARIABLE.test(part) ? part : encodeURIComponent(part)))
    .join('');
  return `/explore?schemaVersion=1&panes=${encoded}`;
}

/** In a link, several values become `{a,b}` unless told otherwise; a query wants `a|b`. */
function forLink(expr: string): string {
  return expr.replaceAll(/\$(?!__)(\w+)/g, '$${$1:pipe}');
}
