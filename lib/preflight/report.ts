import type { Verdict } from './check';
import { fragments, type Result, tally } from './preflight';

const WIDTH = 110;
const VERDICTS: readonly Verdict[] = ['fail', 'warn', 'unknown', 'ok'];

/** What a person reads: one row per result, the worst first, and what to paste. */
export function textReport(results: readonly Result[], renderYaml: (content: object) => string): string {
  const ordered = VERDICTS.flatMap((verdict) => results.filter((result) => result.verdict === verdict));
  const wide = Math.max(...results.map(({ id }) => id.length));
  const indent = ' '.repeat('unknown'.length + wide + 4);
  const rows = ordered.flatMap(({ verdict, id, evidence, cure, source }) => [
    ...wrap(`${verdict.padEnd('unknown'.length)}  ${id.padEnd(wide)}  `, evidence, indent),
    ...(cure === '' ? [] : [...wrap(`${indent}→ `, cure, `${indent}  `), `${indent}  ${source}`]),
  ]);
  const { ours, kubePrometheusStack } = fragments(results);
  const paste = (where: string, content: object | undefined) =>
    content === undefined ? [] : ['', `Paste into ${where}:`, '', renderYaml(content).trimEnd()];
  const counts = tally(results);
  return [
    ...rows,
    ...paste('the values file, then render again', ours),
    ...paste('the Helm values of kube-prometheus-stack, then helm upgrade', kubePrometheusStack),
    '',
    VERDICTS.map((verdict) => `${counts[verdict]} ${verdict}`).join(', '),
    '',
  ].join('\n');
}

/** What a machine reads. */
export function jsonReport(results: readonly Result[]): string {
  const checks = results.map(({ id, verdict, evidence, cure, source }) => ({
    id,
    verdict,
    evidence,
    cure,
    source,
  }));
  return `${JSON.stringify({ tally: tally(results), checks, paste: fragments(results) }, undefined, 2)}\n`;
}

function wrap(first: string, text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line.trim() !== '' && line !== first) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
