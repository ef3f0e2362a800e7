import { writeFileSync } from 'node:fs';
import type { Report } from './report';

/** Where the recorded run is kept; `npm run test:real -- --record` rewrites it. */
const FILE = 'docs/real-run.md';

/** Writes what a run saw, so that a reader need not run it to believe it. */
export function writeRecord(report: Report, caseName: string, outageSeconds: number): void {
  const scenarios = [...new Set(report.figures.map(({ scenario }) => scenario))];
  const tables = scenarios.map((scenario) => {
    const rows = report.figures
      .filter((figure) => figure.scenario === scenario)
      .map(({ what, value, ok }) => `| ${cell(what)} | ${cell(value)} | ${ok ? '' : '**failed**'} |`);
    return [`## ${scenario}`, '', '| seen | figure | |', '| --- | --- | --- |', ...rows].join('\n');
  });
  const notRun = report.notRun.length === 0 ? 'nothing' : report.notRun.map((line) => `\n- ${line}`).join('');
  const date = new Date().toISOString().slice(0, 10);
  const head = [
    '# The rendered stack, run',
    '',
    `What \`npm run test:real -- --record --outage-seconds ${outageSeconds}\` saw on ${date}, case \`${caseName}\`, Node ${process.version}.`,
    'Every program ran as a local process with the args, variables, files, users and ports of its manifest.',
    '',
    `Not run: ${notRun}`,
  ].join('\n');
  writeFileSync(FILE, `${[head, ...tables].join('\n\n')}\n`);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
