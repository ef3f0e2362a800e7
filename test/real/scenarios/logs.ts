import { corpus } from '../../support/log-corpus';
import { configOf } from '../../support/render';
import { type Line, LoggingContainer } from '../kubelet';
import samples from '../log-samples.json';
import { LokiClient } from '../loki-client';
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

/** Logs of every format arrive once, whole, with the labels of the closed list. */
export const logsScenario: Scenario = {
  name: 'logs',
  title: 'Logs of every format, from files of containers to Loki',
  needs: ['loki', 'promtail', 'etcd', 'apiServer'],
  async run({ folder, objects, report }: Run) {
    const stack = await Stack.create({ folder, objects, withApi: true });
    const since = Date.now();
    try {
      const all = [...(samples as unknown as Sample[]), ...corpus().map(onStdout), longLine(), deepStack()];
      const containers = [];
      for (const [index, { annotations }] of all.entries()) {
        containers.push(
          await LoggingContainer.create(stack.api, stack.podLogs, `sample-${index}`, { annotations }),
        );
      }
      for (const [index, { lines }] of all.entries()) containers[index]?.write(lines);
      await stack.start('loki', 'promtail');
      const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
      const expected = all.flatMap(({ entries }) => entries).length;
      const found = await loki.settled('{namespace="apps"}', since, expected, 60);

      const wrong = all.flatMap(({ name, annotations, entries }, index) => {
        const mine = found.filter(({ labels }) => labels['pod'] === `sample-${index}`);
        const asItIs = annotations?.[PARSER] === 'none';
        const seen = mine.map(({ line, labels, metadata: { detected_level, ...own } }) =>
          shown(labels['stream'], line, asItIs ? own : { detected_level, ...own }),
        );
        const wanted = entries.map(({ stream, line, metadata }) =>
          shown(stream, line, asItIs ? {} : withDetected(metadata)),
        );
        const at = wanted.findIndex((one, place) => one !== seen[place]);
        return at < 0 && seen.length === wanted.length
          ? []
          : [`${name}: ${seen[at]} instead of ${wanted[at]}`];
      });
      report.figure(
        'samples read back as they should',
        wrong.length === 0
          ? `${all.length} of ${all.length}`
          : `all but ${wrong.length}: ${wrong.join('; ')}`,
        wrong.length === 0,
      );
      report.equal('entries of them', found.length, expected);
      const allowed = configOf(objects, 'promtail').scrape_configs[0].pipeline_stages.at(-1).labelallow;
      const labels = [...new Set(found.flatMap((entry) => Object.keys(entry.labels)))].sort();
      report.equal('labels in Loki', labels, [...allowed, 'service_name'].sort());

      await underLoad(stack, loki, report);
    } finally {
      await stack.stop();
    }
  },
};

/** Lines of one container as fast as they can be written. */
async function underLoad(stack: Stack, loki: LokiClient, report: Run['report']): Promise<void> {
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
    `of ${LINES_UNDER_LOAD} lines of one container, missing`,
    LINES_UNDER_LOAD - new Set(numbers).size,
    0,
  );
  report.equal('doubled', numbers.length - new Set(numbers).size, 0);
  report.equal(
    'in the order of their writing',
    numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0)),
    true,
  );
  for (const name of ['loki', 'promtail']) {
    const { peakMemory, memoryLimit } = stack.pod(name);
    report.figure(
      `${name}: peak memory of ${mebibytes(memoryLimit)}`,
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
