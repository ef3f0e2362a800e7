import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { manifests, settings } from '../../support/render';
import { interval } from '../load';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { spansOfTraces } from '../tempo-client';
import { TRACE_SPANS, TraceLoad } from '../trace-load';

const TRACES = 20_000;
const PER_SECOND = 400;
const FIRST_TIER = ['otel-collector', 'otel-collector-2'] as const;
const SERVICE = 'otel-sampler';
/** The fourth starts later: a pod that takes the place of another has an address of its own. */
const SAMPLERS = ['otel-sampler', 'otel-sampler-2', 'otel-sampler-3', 'otel-sampler-4'] as const;

/** Two collectors receive, several sample: what is kept, counted, split, lost, and what it costs. */
export const twoTiersScenario: Scenario = {
  name: 'two-tiers',
  title: 'Two tiers of collectors: 20,000 traces; a collector of the second tier replaced, added, killed',
  needs: ['tempo', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const tracing = {
      sampling: { type: 'tail', replicas: SAMPLERS.length, expectedSpansPerSecond: 4 * PER_SECOND },
      firstTier: { replicas: FIRST_TIER.length },
    };
    const objects = manifests(settings({ tracing }));
    const stack = await Stack.create({ folder, objects, withApi: true });
    try {
      const three = SAMPLERS.slice(0, 3);
      stack.leadTo(SERVICE, three);
      await stack.start('tempo', ...three, ...FIRST_TIER);
      await steady(stack, report, three);
      await changed(stack, report, 'one of three replaced', async () => {
        stack.leadTo(SERVICE, SAMPLERS.slice(0, 2));
        report.figure('seconds of a clean stop', (await stack.pod('otel-sampler-3').stop()).toFixed(1));
        // The new pod has the name and the volume of the old one.
        const claims = join(folder, 'claims');
        rmSync(join(claims, 'queue-otel-sampler-4'), { recursive: true, force: true });
        renameSync(join(claims, 'queue-otel-sampler-3'), join(claims, 'queue-otel-sampler-4'));
        await stack.start('otel-sampler-4');
        stack.leadTo(SERVICE, ['otel-sampler', 'otel-sampler-2', 'otel-sampler-4']);
      });
      await changed(stack, report, 'three become four', async () => {
        await stack.start('otel-sampler-3');
        stack.leadTo(SERVICE, SAMPLERS);
      });
      await changed(stack, report, 'one of four killed, and started again', async () => {
        await stack.pod('otel-sampler-2').kill();
        await stack.start('otel-sampler-2');
      });
    } finally {
      await stack.stop();
    }
  },
};

const addressOf = (stack: Stack, name: string) => stack.pod(name).address;
const firstTier = (stack: Stack) =>
  [addressOf(stack, FIRST_TIER[0]), addressOf(stack, FIRST_TIER[1])] as const;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const NEW_TRACES = 'otelcol_processor_tail_sampling_new_trace_id_received';
const CALLS = 'traces_spanmetrics_calls_total';

/** A metric of each collector that runs. */
async function ofEach(
  stack: Stack,
  names: readonly string[],
  metric: string,
  { port = 8888, label = '' } = {},
): Promise<number[]> {
  return Promise.all(
    names
      .filter((name) => stack.pod(name).running)
      .map(async (name) => sumOfMetric(await scrape(addressOf(stack, name), port), metric, label)),
  );
}

/** Nothing restarts: every trace is whole, and everything is counted once. */
async function steady(stack: Stack, report: Run['report'], samplers: readonly string[]): Promise<void> {
  const all = [...FIRST_TIER, ...samplers];
  const cpuBefore = new Map(all.map((name) => [name, stack.pod(name).cpuSeconds]));
  const load = new TraceLoad('steady', firstTier(stack), PER_SECOND, (n) => n % 20 === 0);
  await load.until(TRACES);
  await sleep(15_000);
  const cost = (names: readonly string[]) =>
    sum(names.map((name) => stack.pod(name).cpuSeconds - (cpuBefore.get(name) ?? 0)));
  const { traces } = load;
  const spans = traces.length * TRACE_SPANS;
  for (const [tier, names] of [
    ['first', FIRST_TIER],
    ['second', samplers],
  ] as const)
    report.figure(`${tier} tier: µs of CPU per span`, Math.round((cost(names) / spans) * 1e6));
  report.equal('requests that the first tier rejected', load.failures, 0);
  await sleep(45_000);

  const sizes = await spansOfTraces(addressOf(stack, 'tempo'), 'steady-');
  const sizesOf = (some: typeof traces) => some.map(({ traceId }) => sizes.get(traceId) ?? 0);
  const [failed, ordinary] = [true, false].map((failed) => traces.filter((one) => one.failed === failed));
  const kept = sizesOf(ordinary ?? []).filter((size) => size > 0);
  report.within(
    `kept of ${ordinary?.length} ordinary traces`,
    kept.length,
    interval(ordinary?.length ?? 0, 1),
  );
  report.equal('ordinary traces that are kept: whole', whole(kept), kept.length);
  report.equal(
    `traces with an error: of ${failed?.length}, whole`,
    whole(sizesOf(failed ?? [])),
    failed?.length,
  );

  const received = await ofEach(stack, samplers, NEW_TRACES);
  report.figure('traces of each sampling collector', received.join(', '));
  report.equal(`pieces that ${traces.length} traces came to the samplers in`, sum(received), traces.length);
  const counted = async (metric: string, label = 'steady-') =>
    sum(await ofEach(stack, samplers, metric, { port: 8889, label }));
  report.equal(`spans counted in ${CALLS}`, await counted(CALLS), spans);
  report.equal('spans counted in durations', await counted('traces_spanmetrics_latency_count'), spans);
  report.equal(
    'calls counted in the service graph',
    // Others lead from the user to the first service.
    await counted('traces_service_graph_request_total', 'client="steady-front"'),
    traces.length,
  );
  report.equal(
    'sampling collectors that each of the first tier finds',
    await ofEach(stack, FIRST_TIER, 'otelcol_loadbalancer_num_backends'),
    FIRST_TIER.map(() => samplers.length),
  );
}

/** A collector of the second tier comes or goes under load. Every trace has an error in its last span, so all are kept. */
async function changed(
  stack: Stack,
  report: Run['report'],
  what: string,
  change: () => Promise<void>,
): Promise<void> {
  const label = `change-${what.replaceAll(/\W/g, '-')}-`;
  const load = new TraceLoad(label.slice(0, -1), firstTier(stack), PER_SECOND / 2, () => true);
  await sleep(20_000);
  await change();
  await sleep(25_000);
  await load.stop();
  await sleep(60_000);
  const { traces } = load;
  const found = await spansOfTraces(addressOf(stack, 'tempo'), label);
  const sizes = traces.map(({ traceId }) => found.get(traceId) ?? 0);
  const lost = sizes.filter((size) => size === 0).length;
  const incomplete = sizes.length - whole(sizes) - lost;
  const seconds = (count: number) =>
    `${count} of ${traces.length}, ${((100 * count) / traces.length).toFixed(1)}%, or ${(count / (PER_SECOND / 2)).toFixed(1)} s of all traces`;
  report.figure(`${what}: traces stored incompletely`, seconds(incomplete));
  report.figure(`${what}: traces lost`, seconds(lost));
  const spans = traces.length * TRACE_SPANS;
  const counted = sum(await ofEach(stack, SAMPLERS, CALLS, { port: 8889, label }));
  report.figure(`${what}: spans counted by those that run, of ${spans} sent`, counted);
  report.figure(`${what}: requests that the first tier rejected`, load.failures);
}

const whole = (sizes: readonly number[]) => sizes.filter((size) => size === TRACE_SPANS).length;
