import { setTimeout as sleep } from 'node:timers/promises';
import { labelsOfStreams } from '../../../lib/logs/settings';
import { corpus } from '../../support/log-corpus';
import { caseSettings } from '../../support/render';
import { AGENTS, type Agent, withAgent } from '../agents';
import { type Line, LoggingContainer } from '../kubelet';
import samples from '../log-samples.json';
import { type Entry, LokiClient } from '../loki-client';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** What one container writes, and what Loki is to give back. */
interface Sample {
  readonly name: string;
  readonly annotations?: Record<string, string>;
  readonly lines: readonly Line[];
  readonly entries: ReadonlyArray<Line & { readonly metadata?: Record<string, string> }>;
}

const LINES_UNDER_LOAD = 20_000;

/** Formats of a pod whose lines stay apart with Promtail only (docs/logs.md). */
const APART = ['json', 'logfmt', 'none'];
/** Entries of Node that begin with the place of an exception, which get the time of their second line from the collector. */
const LATE_ENTRIES = 5;
const isJoined = ({ annotations }: Sample) => !APART.includes(annotations?.[PARSER] ?? 'auto');

/** Logs of every format arrive once, whole, with the labels of the closed list, and the same with each agent. */
export const logsScenario: Scenario = {
  name: 'logs',
  title: 'Logs of every format, from files of containers to Loki',
  needs: ['loki', 'promtail', 'otel-agent', 'etcd', 'apiServer'],
  async run(run: Run) {
    const all = [...(samples as unknown as Sample[]), ...corpus().map(onStdout), longLine(), deepStack()];
    const writtenMs = Date.now() - 60_000;
    const results = [];
    for (const agent of AGENTS) results.push(await throughAgent(run, agent, all, writtenMs));
    const [one = [], other = []] = results;
    const different = difference(one.map(withoutTime), other.map(withoutTime));
    run.report.figure(
      'entries that differ from one agent to the other, in labels, fields or text',
      different.length === 0 ? `0 of ${one.length}` : different.slice(0, 5).join('; '),
      different.length === 0 && one.length > 0,
    );
    const late = difference(one.map(inFull), other.map(inFull)).length - different.length;
    run.report.figure(
      'entries with the time of another of their lines, of both agents',
      late,
      late <= 2 * LATE_ENTRIES,
    );
  },
};

const difference = (one: readonly string[], other: readonly string[]) => [
  ...one.filter((entry) => !other.includes(entry)),
  ...other.filter((entry) => !one.includes(entry)),
];

/** Everything that Loki knows of an entry. */
const inFull = (entry: Entry) => `${entry.nanoseconds} ${withoutTime(entry)}`;

function withoutTime({ line, labels, metadata }: Entry): string {
  return JSON.stringify([line, Object.entries(labels).sort(), Object.entries(metadata).sort()]);
}

/** Reads samples back that were written at the same times; returns the entries that every agent makes of them. */
async function throughAgent(
  { caseName, folder, report }: Run,
  agent: Agent,
  all: readonly Sample[],
  writtenMs: number,
): Promise<Entry[]> {
  const objects = withAgent(caseName, agent);
  const stack = await Stack.create({ folder: `${folder}/${agent.kind}`, objects, withApi: true });
  try {
    for (const [index, { annotations, lines }] of all.entries()) {
      const pod = `sample-${index}`;
      const container = await LoggingContainer.create(stack.api, stack.podLogs, pod, { annotations });
      container.writeFile('0.log', lines, writtenMs, writtenMs + 1_000);
    }
    await stack.start('loki', agent.pod);
    const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
    const same = all.map((sample) => agent.kind === 'promtail' || isJoined(sample));
    const expected = all.flatMap(({ entries }, index) => (same[index] ? entries : [])).length;
    await loki.settled('{namespace="apps"}', writtenMs, expected, 60);
    await sleep(4_000);
    const found = await loki.entries('{namespace="apps"}', writtenMs);
    const of = (index: number) => found.filter(({ labels }) => labels['pod'] === `sample-${index}`);

    const wrong = all.flatMap((sample, index) => (same[index] ? mistakes(sample, of(index)) : []));
    report.figure(
      `${agent.kind}: samples read back as they should`,
      wrong.length === 0
        ? `${same.filter(Boolean).length} of ${all.length}`
        : `all but ${wrong.length}: ${wrong.join('; ')}`,
      wrong.length === 0,
    );
    const labels = [...new Set(found.flatMap((entry) => Object.keys(entry.labels)))].sort();
    const { cluster, logs } = caseSettings(caseName);
    report.equal(
      `${agent.kind}: labels in Loki`,
      labels,
      [...labelsOfStreams(logs, cluster.name), 'service_name'].sort(),
    );
    await underLoad(stack, loki, agent, report);
    return all.flatMap((sample, index) => (isJoined(sample) ? of(index) : []));
  } finally {
    await stack.stop();
  }
}

/** How the entries of a sample are not as they should be. */
function mistakes({ name, annotations, entries }: Sample, found: readonly Entry[]): string[] {
  const asItIs = annotations?.[PARSER] === 'none';
  const seen = found.map(({ line, labels, metadata: { detected_level, ...own } }) =>
    shown(labels['stream'], line, asItIs ? own : { detected_level, ...own }),
  );
  const wanted = entries.map(({ stream, line, metadata }) =>
    shown(stream, line, asItIs ? {} : withDetected(metadata)),
  );
  const at = wanted.findIndex((one, place) => one !== seen[place]);
  return at < 0 && seen.length === wanted.length ? [] : [`${name}: ${seen[at]} instead of ${wanted[at]}`];
}

/** Lines of one container as fast as they can be written. */
async function underLoad(
  stack: Stack,
  loki: LokiClient,
  { kind, pod }: Agent,
  report: Run['report'],
): Promise<void> {
  const since = Date.now();
  const container = await LoggingContainer.create(stack.api, stack.podLogs, 'load');
  const line = (number: number): Line => ({
    stream: 'stdout',
    line: JSON.stringify({ level: 'info', n: number, msg: 'x'.repeat(150) }),
  });
  for (let from = 0; from < LINES_UNDER_LOAD; from += 1_000)
    container.write(Array.from({ length: 1_000 }, (_, index) => line(from + index)));
  const found = await loki.settled('{pod="load"}', since, LINES_UNDER_LOAD, 120);
  const numbers = found.map((entry) => JSON.parse(entry.line).n as number);
  report.equal(
    `${kind}: of ${LINES_UNDER_LOAD} lines of one container, missing`,
    LINES_UNDER_LOAD - new Set(numbers).size,
    0,
  );
  report.equal(`${kind}: doubled`, numbers.length - new Set(numbers).size, 0);
  report.equal(
    `${kind}: in the order of their writing`,
    numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0)),
    true,
  );
  for (const name of ['loki', pod]) {
    const { peakMemory, memoryLimit } = stack.pod(name);
    report.figure(
      `${kind}: peak memory of ${name}, of ${mebibytes(memoryLimit)}`,
      mebibytes(peakMemory),
      peakMemory < memoryLimit,
    );
  }
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

const PARSER = 'logs-and-traces/parser';

/** An entry in one line, with its structured metadata in one order. */
function shown(
  stream: string | undefined,
  line: string,
  metadata: Readonly<Record<string, string | undefined>>,
): string {
  return JSON.stringify([stream, line, Object.entries(metadata).sort()]);
}

/** With the level that Loki is to report: the one of the agent, and never a guess. */
function withDetected(metadata: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { detected_level: metadata['level'] ?? 'unknown', ...metadata };
}

/** The lines and entries of one stream. */
function onStdout({ name, lines, entries }: ReturnType<typeof corpus>[number]): Sample {
  return {
    name,
    lines: lines.map((line) => ({ stream: 'stdout', line })),
    entries: entries.map((entry) => ({ stream: 'stdout', ...entry })),
  };
}

/** A line of the largest size, which the container runtime writes in sixteen parts. */
function longLine(): Sample {
  const line = `{"level":"error","msg":"${'x'.repeat(262_144 - 27)}"}`;
  const cut = 'y'.repeat(300_000);
  return {
    name: 'a line of 256 KiB, and one of 300 KB that is cut',
    lines: [
      { stream: 'stdout', line },
      { stream: 'stdout', line: cut },
    ],
    entries: [
      { stream: 'stdout', line, metadata: { level: 'error' } },
      { stream: 'stdout', line: cut.slice(0, 262_144) },
    ],
  };
}

/** As many frames as the JVM prints of a stack overflow. */
function deepStack(): Sample {
  const frames = Array.from(
    { length: 1_024 },
    (_, index) => `\tat com.example.Deep.call${index}(Deep.java:1)`,
  );
  const lines = ['Exception in thread "main" java.lang.StackOverflowError', ...frames].map(
    (line): Line => ({ stream: 'stderr', line }),
  );
  return {
    name: 'a stack overflow of the JVM',
    lines,
    entries: [
      { stream: 'stderr', line: lines.map(({ line }) => line).join('\n'), metadata: { level: 'error' } },
    ],
  };
}
