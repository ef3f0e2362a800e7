import { setTimeout as sleep } from 'node:timers/promises';
import { randomSpanId } from '../../../scripts/smoke/spans/span';
import { caseManifests, configOf } from '../../support/render';
import { interval, requests, sendAtRate } from '../load';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { searchTraces } from '../tempo-client';

const TRACES = 20_000;
const COLLECTORS = ['otel-collector', 'otel-collector-2', 'otel-collector-3'];

/** Several collectors decide by the trace id, each by itself and all alike. */
export const replicasScenario: Scenario = {
  name: 'replicas',
  title: 'Three collectors that sample by the trace id (case nginx)',
  needs: ['tempo', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const objects = caseManifests('nginx');
    const { sampling_percentage } = configOf(objects, 'otel-collector').processors.probabilistic_sampler;
    const stack = await Stack.create({ folder, objects, withApi: true });
    try {
      await stack.start('tempo', ...COLLECTORS);
      // Each trace has a span of each of three services, and each service has a collector of its own.
      const traces = requests('by otel-collector', TRACES);
      await Promise.all(
        COLLECTORS.map((name) =>
          sendAtRate(
            stack.pod(name).address,
            traces.map((span) => ({ ...span, spanId: randomSpanId(), service: `by ${name}` })),
          ),
        ),
      );
      // A search leaves out the last half minute.
      await sleep(60_000);
      const found = await Promise.all(
        COLLECTORS.map((name) => searchTraces(stack.pod('tempo').address, `by ${name}`)),
      );
      const anywhere = new Set(found.flatMap((ids) => [...ids]));
      report.within(`kept of ${TRACES} traces`, anywhere.size, interval(TRACES, sampling_percentage));
      const torn = [...anywhere].filter((id) => !found.every((ids) => ids.has(id)));
      report.equal('traces that some collectors kept and others did not', torn.length, 0);
      const counted = await Promise.all(
        COLLECTORS.map(async (name) =>
          sumOfMetric(await scrape(stack.pod(name).address, 8889), 'traces_spanmetrics_calls_total'),
        ),
      );
      report.equal('spans counted by each', counted, [TRACES, TRACES, TRACES]);
    } finally {
      await stack.stop();
    }
  },
};
