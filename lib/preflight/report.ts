import type { KubernetesObject } from '../kubernetes/object';
import { nameOf } from '../kubernetes/object';
import type { Verdict } from './check';
import { unique } from './desired';
import { names } from './nodes';
import { fragments, type Result, tally } from './preflight';

const WIDTH = 110;
const VERDICTS: readonly Verdict[] = ['fail', 'warn', 'unknown', 'ok'];

/** The report for people: one row per finding, the worst first, and what to paste. */
export function textReport(results: readonly Result[], renderYaml: (content: object) => string): string {
  const wide = Math.max(...results.map(({ id }) => id.length));
  const indent = ' '.repeat('unknown'.length + wide + 4);
  const rows = VERDICTS.flatMap((verdict) => results.filter((result) => result.verdict === verdict)).flatMap(
    ({ verdict, id, observed, fix, objects, source }) => [
      ...wrap(`${verdict.padEnd('unknown'.length)}  ${id.padEnd(wide)}  `, observed, indent),
      ...(objects.length === 0 ? [] : wrap(`${indent}looked at `, inWords(objects), `${indent}  `)),
      ...(fix === '' ? [] : [...wrap(`${indent}→ `, fix, `${indent}  `), `${indent}  ${source}`]),
    ],
  );
  const { values, kubePrometheusStack } = fragments(results);
  const paste = (where: string, content: object | undefined) =>
    content === undefined ? [] : ['', `Paste into ${where}:`, '', renderYaml(content).trimEnd()];
  const counts = tally(results);
  return [
    ...rows,
    ...paste('the values file, then run npx cdk8s synth', values),
    ...paste('the Helm values of kube-prometheus-stack, then run helm upgrade', kubePrometheusStack),
    '',
    VERDICTS.map((verdict) => `${counts[verdict]} ${verdict}`).join(', '),
    '',
  ].join('\n');
}

/** The report for programs. */
export function jsonReport(results: readonly Result[]): string {
  const checks = results.map(({ id, verdict, observed, fix, objects, source }) => ({
    ...{ id, verdict, observed, fix, objects: objects.map(nameOf), source },
  }));
  return `${JSON.stringify({ tally: tally(results), checks, paste: fragments(results) }, undefined, 2)}\n`;
}

/** Objects by kind: `Node node-1, node-2`. */
function inWords(objects: readonly KubernetesObject[]): string {
  return unique(objects.map(({ kind }) => kind))
    .map((kind) => `${kind} ${names(objects.filter((object) => object.kind === kind))}`)
    .join('; ');
}

function wrap(first: string, text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line !== first && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
