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
  for (const scenario of new Set([...report.figures, ...report.notRun].map((one) => one.scenario))) {
    const ofScenario = (one: { scenario: string }) => one.scenario === scenario;
    const rows = report.figures
      .filter(ofScenario)
      .map(({ what, value, ok }) => `| ${cell(what)} | ${cell(value)} | ${ok ? '' : '**failed**'} |`);
    const table = rows.length === 0 ? [] : ['| seen | figure | |', '| --- | --- | --- |', ...rows, ''];
    const missing = report.notRun.filter(ofScenario).map(({ what }) => `- ${what}`);
    const notRun = missing.length === 0 ? [] : ['Not run:', '', ...missing, ''];
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
