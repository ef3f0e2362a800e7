import { setTimeout as sleep } from 'node:timers/promises';
import { otlpGrpc } from '../../scripts/smoke/spans/otlp';
import { oneSpan } from '../../scripts/smoke/spans/span';
import { type Browser, shownPanels } from './browser';
import { address } from './grafana-checks';
import { LokiClient } from './loki-client';
import type { Report } from './report';

/** Names of services, which SDKs choose freely, that mean something in a regular expression, a string, an address or a query. */
const NAMES = [
  'pay.ment',
  'a+b (eu)',
  'quote"d',
  'back\\slash',
  'pipe|d',
  'dollar$x',
  'brace{d}',
  'per%cent',
  'hash#&tag',
  '주문 서비스',
];

/** Dashboards with a choice of services or workloads, and the variable of it. */
const CHOICES = [
  ['distributed-tracing', 'service'],
  ['tempo-tracing', 'service'],
  ['loki-logs', 'workload'],
  ['log-analysis', 'workload'],
] as const;

/** A service of any name is found in every panel that can show one service. */
export async function checkNames(
  browser: Browser,
  report: Report,
  { collector, loki }: { readonly collector: string; readonly loki: string },
): Promise<void> {
  const client = new LokiClient(`http://${loki}:3100`);
  for (let round = 0; round < 25; round++) {
    for (const name of NAMES) {
      const span = oneSpan(name, 'GET "a" | (b)');
      await otlpGrpc(collector, [
        { ...span, kind: 'server', error: true, startMs: Date.now() - 900, durationMs: 800 },
      ]);
      const line = JSON.stringify({ level: 'error', msg: `refused ${name}`, status: 500, duration_ms: 800 });
      await client.push(
        { namespace: 'apps', app: name, pod: 'any', container: 'app', node: 'node-1', stream: 'stdout' },
        [{ nanoseconds: BigInt(Date.now()) * 1_000_000n, line }],
      );
    }
    await sleep(3_000);
  }
  // Until the last trace is decided, and Tempo finds it.
  await sleep(60_000);
  for (const name of NAMES) {
    const wrong: string[] = [];
    for (const [dashboard, variable] of CHOICES) {
      const page = await browser.open(
        `${address(dashboard, '15m')}&var-${variable}=${encodeURIComponent(name)}`,
      );
      for (const { title, failed, text } of await shownPanels(page)) {
        // It calls nobody, and nobody calls it.
        if (failed || (/No data/.test(text) && title !== 'Service graph')) wrong.push(title);
      }
      await page.close();
    }
    report.figure(
      `panels that do not find a service named ${name}`,
      wrong.join(', ') || 'none',
      wrong.length === 0,
    );
  }
}
