import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain } from '../../scripts/manifests';
import { CASE_NAMES, caseManifests } from '../support/render';
import { AGENTS, agentOf, withAgent } from './agents';
import { findProgram, PROGRAMS, type Program, reportedVersion } from './programs';
import { writeRecord } from './record';
import { print, Report } from './report';
import { canSwitchUsers, enterSandbox, insideSandbox, prepareNode } from './sandbox';
import type { Run, Scenario } from './scenario';
import { RECORD_TITLES, SCENARIOS, titleOf } from './scenarios';

const PROGRAMS_TITLE = 'Programs';

const HELP = `npm run test:real -- [--case <name>] [--agent <name>] [--only <scenario,…>] [--outage-seconds <n>] [--record]

Runs what a case renders (default: the cluster of the README) as local processes, and reports figures.
With --agent, the case has that log agent, and comparisons of log agents run with it alone.
Programs are looked for in $STACK_BIN, $KUBEBUILDER_ASSETS and on PATH; REQUIRE_REAL=1 makes a missing one a failure.

scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}
cases:     ${CASE_NAMES.join(', ')}
agents:    ${AGENTS.map(({ kind }) => kind).join(', ')}
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      case: { type: 'string', default: 'default' },
      agent: { type: 'string' },
      only: { type: 'string' },
      'outage-seconds': { type: 'string', default: '60' },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const wanted = values.only?.split(',') ?? SCENARIOS.map(({ name }) => name);
  const unknown = wanted.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  const outageSeconds = Number(values['outage-seconds']);
  const agents = AGENTS.filter(({ kind }) => kind === (values.agent ?? kind));
  if (
    values.help ||
    unknown ||
    !CASE_NAMES.includes(values.case) ||
    agents.length === 0 ||
    !(outageSeconds > 0)
  ) {
    process[values.help ? 'stdout' : 'stderr'].write(
      unknown ? `there is no scenario ${unknown}\n${HELP}` : HELP,
    );
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  if (!insideSandbox()) return enterSandbox();

  prepareNode();
  const report = new Report();
  tellPrograms(report);
  const folder = mkdtempSync(join(tmpdir(), 'real-'));
  for (const scenario of SCENARIOS.filter(({ name }) => wanted.includes(name))) {
    await runScenario(scenario, report, {
      caseName: values.case,
      agents,
      folder: join(folder, scenario.name),
      outageSeconds,
      record: values.record,
    });
  }
  conclude(report);
  if (report.failed.length === 0) rmSync(folder, { recursive: true });
  else print(`logs and data of the run are in ${folder}`);
  if (values.record) {
    const command = ['npm run test:real --', ...process.argv.slice(2)].join(' ');
    writeRecord(report, command, [PROGRAMS_TITLE, ...RECORD_TITLES]);
  }
  // Child processes that hang on would keep the sandbox alive.
  process.exit();
}

async function runScenario(
  scenario: Scenario,
  report: Report,
  props: Pick<Run, 'caseName' | 'agents' | 'folder' | 'outageSeconds' | 'record'>,
): Promise<void> {
  const [only, ...others] = props.agents;
  const chosen = others.length === 0 ? only : undefined;
  const title = titleOf(scenario, chosen);
  report.begin(title);
  const missing = scenario.needs.filter((key) => findProgram(PROGRAMS[key]) === undefined);
  if (missing.length > 0) {
    report.skip(title, `needs ${missing.map((key) => PROGRAMS[key].name).join(', ')}`);
    return;
  }
  const agent = chosen ?? agentOf(props.caseName) ?? AGENTS[0];
  const objects = chosen ? withAgent(props.caseName, chosen) : caseManifests(props.caseName);
  const began = performance.now();
  try {
    await scenario.run({ ...props, agent, objects, report });
  } catch (error) {
    report.figure('ran to its end', error instanceof Error ? error.message : String(error), false);
  }
  print(`  (${Math.round((performance.now() - began) / 1000)} s)`);
}

/** Says which programs there are, and how to get those that are not. */
function tellPrograms(report: Report): void {
  report.begin(PROGRAMS_TITLE);
  // Two workloads run the same collector.
  for (const program of new Set<Program>(Object.values(PROGRAMS))) {
    const path = findProgram(program);
    if (path) report.figure(`${program.name}, wanted ${program.version}`, reportedVersion(path));
    else
      report.skip(
        `${program.name} ${program.version}`,
        `not in $STACK_BIN nor on PATH. Get it: ${program.get}`,
      );
  }
  if (!canSwitchUsers())
    report.skip('users of the manifests', 'not root: every daemon runs as the same user');
}

function conclude(report: Report): void {
  print(
    `\n${report.figures.length - report.failed.length} passed, ${report.failed.length} failed, ${report.notRun.length} skipped`,
  );
  for (const { what } of report.notRun) print(`NOT RUN ${what}`);
  for (const { scenario, what, value } of report.failed) print(`FAIL ${scenario}: ${what}: ${value}`);
  const required = process.env['REQUIRE_REAL'] === '1' && report.notRun.length > 0;
  if (required) print('REQUIRE_REAL=1: what was not run counts as failed');
  process.exitCode = report.failed.length > 0 || required ? 1 : 0;
}

runMain('test:real', main);
