import { setTimeout as sleep } from 'node:timers/promises';
import { randomSpanId } from '../../../scripts/smoke/spans/span';
import { caseManifests } from '../../support/render';
import { countKept, interval, requests, sendAtRate } from '../load';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

/** Shares of the case: a service of which everything is kept, one of which hardly anything is, and the rest. */
const SHARES = { checkout: 100, health: 0.1, shop: 5 };
const TRACES = 20_000;

/** A service with a share of its own gets that one, without the ordinary one on top. */
export const sharesScenario: Scenario = {
  name: 'shares',
  title: 'Shares of single services; errors are not kept when values say so (case everything)',
  needs: ['tempo', 'otel-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const stack = await Stack.create({ folder, objects: caseManifests('everything'), withApi: true });
    try {
      await stack.start('tempo', 'otel-collector');
      const sent = Object.entries(SHARES).map(([service, share]) => ({
        share,
        spans: requests(service, TRACES, { error: true }),
      }));
      // Traces that two of them are in get the larger share.
      const both = requests('cart', 200);
      const called = both.map((span) => ({ ...span, spanId: randomSpanId(), service: 'checkout' }));
      for (const spans of [...sent.map((one) => one.spans), both, called])
        await sendAtRate(stack.pod('otel-collector').address, spans, 2_000);
      // The wait for a decision, and what a search leaves out.
      await sleep(20_000 + 45_000);
      const tempo = stack.pod('tempo').address;
      for (const { share, spans } of sent) {
        const what = `kept of ${TRACES} traces of a service at ${share} %`;
        report.within(what, await countKept(tempo, spans), interval(TRACES, share));
      }
      report.equal('kept of 200 traces of ordinary and kept services', await countKept(tempo, both), 200);
    } finally {
      await stack.stop();
    }
  },
};
