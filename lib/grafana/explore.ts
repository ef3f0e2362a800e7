import { type DatasourceUids, datasourceOf, type Query, target } from './query';

/** A variable of Grafana, which it replaces in a link; everything else is percent-encoded. */
const VARIABLE = /(\$\{[^}]+\}|\$\w+)/;

/**
 * Address of Explore with a query in it, for the time range that is shown. Grafana puts values into a link as they
 * are, so that a text with a quote or a backslash would end the JSON early: the menu of the panel takes any text.
 *
 * @see https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/#generate-explore-urls-from-external-tools
 */
export function exploreUrl(query: Query, uids: DatasourceUids): string {
  const pane = {
    datasource: datasourceOf(query, uids).uid,
    queries: [target({ ...query, expr: forLink(query.expr) }, 0, uids)],
    range: { from: '${__from}', to: '${__to}' },
  };
  const text = JSON.stringify({ a: pane });
  const encoded = text
    .split(VARIABLE)
    .map((part) => (VARIABLE.test(part) ? part : encodeURIComponent(part)))
    .join('');
  return `/explore?schemaVersion=1&panes=${encoded}`;
}

/**
 * In a link, several values become `{a,b}` unless told otherwise, where a query wants `a|b`; and a text that a
 * person types may hold `&`, `#` or `+`, which mean something in an address.
 */
function forLink(expr: string): string {
  return expr
    .replaceAll(/\$(?!__)([A-Za-z]\w*)|\$\{(?!__)(\w+)\}/g, (_, bare, braced) => `\${${bare ?? braced}:pipe}`)
    .replaceAll(/\$\{(\w+):raw\}/g, '${$1:percentencode}');
}
