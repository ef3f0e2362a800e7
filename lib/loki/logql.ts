import type { SyntaxNode } from '@lezer/common';
import type { LRParser } from '@lezer/lr';
import { nearest } from '../values/suggest';

/** The grammar of Grafana's editor. It is loaded when it is first used, because most clusters have no log alert. */
function parser(): LRParser {
  return (require('@grafana/lezer-logql') as { parser: LRParser }).parser;
}

/** The grammar that runs on Node 20 knows `topk`, but not `approx_topk`, which has the same form. */
export function parsable(query: string): string {
  return query.replaceAll('approx_topk(', 'topk       (');
}

/** What keeps Loki from evaluating an expression as an alert: the end of the sentence "<expression> must …". */
export function logqlProblem(expr: string): string | undefined {
  let wrong: number | undefined;
  let isMetric = false;
  parser()
    .parse(parsable(expr))
    .iterate({
      enter: ({ type, name, from }) => {
        if (type.isError) wrong ??= from;
        isMetric ||= name === 'MetricExpr';
      },
    });
  if (wrong !== undefined) return `must be valid LogQL; the first error is at ${placeIn(expr, wrong)}`;
  return isMetric
    ? undefined
    : 'must be a metric query such as "sum by (app) (rate({app="shop"} |= "failed" [5m])) > 1": Loki does not alert on lines';
}

/** A place in an expression, as the text that starts there, on one line. */
function placeIn(expr: string, offset: number): string {
  const rest = expr.slice(offset).trim().replaceAll(/\s+/g, ' ');
  if (rest === '') return 'its end';
  return JSON.stringify(rest.length > 40 ? `${rest.slice(0, 40)}…` : rest);
}

/** Labels that select the streams of a query, and that no stream has; each with the label that was probably meant. */
export function unknownLabels(expr: string, known: readonly string[]): string[] {
  const unknown: string[] = [];
  parser()
    .parse(parsable(expr))
    .iterate({
      enter: ({ name, from, to, node }) => {
        const label = expr.slice(from, to);
        if (name !== 'Identifier' || known.includes(label) || !isWithin(node, 'Selector')) return;
        const guess = nearest(label, known);
        unknown.push(guess === undefined ? `"${label}"` : `"${label}" (did you mean "${guess}"?)`);
      },
    });
  return [...new Set(unknown)];
}

function isWithin(node: SyntaxNode, name: string): boolean {
  for (let up = node.parent; up; up = up.parent) if (up.name === name) return true;
  return false;
}
