import { setTimeout as sleep } from 'node:timers/promises';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { oneSpan, type Span } from '../../../scripts/smoke/spans/span';
import { caseManifests } from '../../support/render';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

const MANY = 20_000;

/** Traces of every protocol are read back, and many of them fit. */
export const tracesScenario: Scenario = {
  name: 'traces',
  title: 'Traces by every protocol to Tempo itself, as where clients sample (case traefik)',
  needs: ['tempo'],
  async run({ folder, report }: Run) {
    const stack = await Stack.create({ folder, objects: caseManifests('traefik'), withApi: false });
    try {
      await stack.start('tempo');
      const { address } = stack.pod('tempo');
      const sent = new Map<string, Span[]>();
      for (const [protocol, send] of Object.entries(SENDERS)) {
        const spans = requestWithFailure(protocol);
        await send(address, spans);
        sent.set(protocol, spans);
      }
      await sleep(3_000);
      for (const [protocol, spans] of sent) {
        const found = await readTrace(address, spans[0]?.traceId ?? '');
        const seen = found
          .map(({ service, name, spanId, failed }) => `${service} ${name} ${spanId} ${failed}`)
          .sort();
        const expected = spans
          .map(({ service, name, spanId, error }) => `${service} ${name} ${spanId} ${error === true}`)
          .sort();
        report.equal(
          `${protocol}: spans read back`,
          seen.filter((one, index) => one === expected[index]).length,
          expected.length,
        );
      }
      await manyTraces(stack, address, report);
    } finally {
      await stack.stop();
    }
  },
};

async function manyTraces(stack: Stack, address: string, report: Run['report']): Promise<void> {
  const metric = async (name: string) => sumOfMetric(await scrape(address, 3100), name);
  const before = await metric('tempo_distributor_spans_received_total');
  const began = performance.now();
  for (let from = 0; from < MANY; from += 500) {
    await SENDERS['OTLP gRPC'](
      address,
      Array.from({ length: 500 }, () => oneSpan('load', `request ${from}`)),
    );
  }
  report.figure(`seconds to send ${MANY} traces`, ((performance.now() - began) / 1000).toFixed(1));
  await sleep(2_000);
  report.equal(
    `spans that Tempo took in of ${MANY}`,
    (await metric('tempo_distributor_spans_received_total')) - before,
    MANY,
  );
  report.equal('spans that Tempo dropped without telling', await metric('tempo_discarded_spans_total'), 0);
  const { peakMemory, memoryLimit } = stack.pod('tempo');
  report.figure(
    `tempo: peak memory in MiB, of ${Math.round(memoryLimit / 2 ** 20)}`,
    Math.round(peakMemory / 2 ** 20),
    peakMemory < memoryLimit,
  );
}

/** A request that calls another service, which fails. */
function requestWithFailure(protocol: string): Span[] {
  const parent = oneSpan('shop', `GET /cart by ${protocol}`);
  return [
    parent,
    { ...oneSpan('prices', 'total'), traceId: parent.traceId, parentSpanId: parent.spanId, error: true },
  ];
}
