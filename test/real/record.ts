import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Figure, Report } from './report';

/** Where the recorded run is kept. */
const FILE = 'docs/real-run.md';

const HEAD = `# The rendered stack on the real programs

The result of \`npm run test:real -- --record\`. Every program ran as a local process with the args, variables, files,
users and ports of its manifest. Each section states when and how it was recorded; a new run replaces only the sections of
the scenarios that it runs.
`;

/**
 * Writes the result of a run, so that readers do not have to repeat it.
 *
 * @param titles Sections that there can be; others are of scenarios that are gone, or have another title now.
 */
export function writeRecord(report: Report, command: string, titles: readonly string[]): void {
  const before = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const sections = new Map(before.map((text) => [titleOf(text), text]));
  const seen = `Recorded on ${new Date().toISOString().slice(0, 10)} by \`${command}\`, Node ${process.version}.`;
  for (const scenario of new Set([...report.figures, ...report.notRun].map((one) => one.scenario))) {
    const ofScenario = (one: { scenario: string }) => one.scenario === scenario;
    const rows = grouped(report.figures.filter(ofScenario)).map(
      ({ what, value, ok }) => `| ${cell(what)} | ${cell(value)} | ${ok ? '' : '**failed**'} |`,
    );
    const table = rows.length === 0 ? [] : ['| observed | figure | |', '| --- | --- | --- |', ...rows, ''];
    const missing = report.notRun.filter(ofScenario).map(({ what }) => `- ${what}`);
    const notRun = missing.length === 0 ? [] : ['Not run:', '', ...missing, ''];
    sections.set(scenario, [`## ${scenario}`, '', seen, '', ...table, ...notRun].join('\n'));
  }
  const texts = [...sections].filter(([title]) => titles.includes(title)).map(([, text]) => text.trimEnd());
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${[HEAD.trimEnd(), ...texts].join('\n\n')}\n`);
}

type Row = Pick<Figure, 'what' | 'value' | 'ok'>;

/** Figures of several subjects, written `<subject>: <what>`, in one row per `<what>`: a section fits on a screen. */
function grouped(figures: readonly Figure[]): Row[] {
  const subjects = new Map<string, Figure[]>();
  for (const figure of figures) {
    const [subject, what] = parts(figure);
    const key = what ?? subject;
    subjects.set(key, [...(subjects.get(key) ?? []), figure]);
  }
  return [...subjects].flatMap(([what, members]): Row[] => {
    if (members.length < 3) return members;
    const values = new Map<string, string[]>();
    for (const member of members)
      values.set(member.value, [...(values.get(member.value) ?? []), parts(member)[0]]);
    return [
      {
        what: `${what} (${members.length})`,
        value: [...values].map(([value, names]) => `${names.join(', ')}: ${value}`).join('; '),
        ok: members.every(({ ok }) => ok),
      },
    ];
  });
}

function parts({ what }: Figure): [string, string?] {
  const at = what.indexOf(': ');
  return at < 0 ? [what] : [what.slice(0, at), what.slice(at + 2)];
}

function titleOf(section: string): string {
  return section.slice('## '.length, section.indexOf('\n'));
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
