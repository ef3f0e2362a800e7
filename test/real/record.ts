import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Report } from './report';

/** Where the recorded run is kept. */
const FILE = 'docs/real-run.md';

const HEAD = `# The rendered stack, run

What \`npm run test:real -- --record\` saw. Every program ran as a local process with the args, variables, files, users
and ports of its manifest. A run replaces the sections of the scenarios that it ran; each says when and how that was.
`;

/** Writes what a run saw, so that a reader need not run it to believe it. */
export function writeRecord(report: Report, command: string): void {
  const before = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const sections = new Map(before.map((text) => [titleOf(text), text]));
  const seen = `Seen on ${new Date().toISOString().slice(0, 10)} by \`${command}\`, Node ${process.version}.`;
  const of = <T extends { scenario: string }>(list: readonly T[], scenario: string) =>
    list.filter((one) => one.scenario === scenario);
  for (const scenario of new Set([...report.figures, ...report.notRun].map((one) => one.scenario))) {
    const rows = of(report.figures, scenario).map(
      ({ what, value, ok }) => `| ${cell(what)} | ${cell(value)} | ${ok ? '' : '**failed**'} |`,
    );
    const table = rows.length > 0 ? ['| seen | figure | |', '| --- | --- | --- |', ...rows, ''] : [];
    const notRun = of(report.notRun, scenario).map(({ line }) => `- not run: ${line}`);
    sections.set(scenario, [`## ${scenario}`, '', seen, '', ...table, ...notRun].join('\n'));
  }
  const texts = [...sections.values()].map((text) => text.trimEnd());
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${[HEAD.trimEnd(), ...texts].join('\n\n')}\n`);
}

function titleOf(section: string): string {
  return section.slice('## '.length, section.indexOf('\n'));
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
