import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Additions } from '../../../lib/additions';
import { caseAdditions, type Manifest, manifests, settings } from '../../support/render';
import { Alertmanager } from '../alertmanager';
import { LokiClient } from '../loki-client';
import { scrape, sumOfMetric } from '../metrics';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const VALUES = { monitoring: { alertmanagerUrl: Alertmanager.url } };
const GROUP = {
  name: 'shop',
  rules: [
    {
      alert: 'PaymentsFail',
      expr: 'sum by (app) (count_over_time({app="shop"} |= "payment failed" [5m])) > 2',
      labels: { severity: 'critical' },
      annotations: { summary: '{{ $labels.app }}: {{ $value }} payments failed' },
    },
  ],
};

/** Loki reads the files of rules from their ConfigMap, evaluates them, and tells the existing Alertmanager. */
export const logAlertsScenario: Scenario = {
  name: 'log-alerts',
  title:
    'Log alerts: Loki evaluates the examples and a rule of a team, and sends what fires to a real Alertmanager',
  needs: ['loki', 'alertmanager'],
  async run({ folder, report }: Run) {
    const additions: Additions = {
      ...caseAdditions('everything'),
      logAlerts: [...caseAdditions('everything').logAlerts, { name: 'shop.yaml', groups: [GROUP] }],
    };
    const objects: Manifest[] = manifests(settings(VALUES), additions);
    const stack = await Stack.create({ folder, objects, withApi: false });
    let alertmanager: Alertmanager | undefined;
    try {
      alertmanager = await Alertmanager.start(`${folder}/alertmanager`);
      await stack.start('loki');
      const address = stack.pod('loki').address;
      await lines(new LokiClient(`http://${address}:3100`));
      report.equal('groups that Loki has read', (await groups(address)).sort(), ['errors', 'memory', 'shop']);
      report.equal(
        'alerts at Alertmanager',
        (await fired(alertmanager, 2)).map(({ labels, annotations }) => [
          labels['alertname'],
          annotations['summary'],
        ]),
        [
          ['LogHeapExhausted', 'cart-0 in apps ran out of heap'],
          ['PaymentsFail', 'shop: 3 payments failed'],
        ],
      );
      await changed(folder, address, report);
      await unreachable(alertmanager, address, report);
    } finally {
      await alertmanager?.stop();
      await stack.stop();
    }
  },
};

async function lines(loki: LokiClient): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const failed = [1n, 2n, 3n].map((n) => ({ nanoseconds: now + n, line: `order ${n}: payment failed` }));
  await loki.push({ namespace: 'apps', app: 'shop', pod: 'shop-0', container: 'shop' }, failed);
  const heap = 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space';
  await loki.push({ namespace: 'apps', app: 'cart', pod: 'cart-0', container: 'cart' }, [
    { nanoseconds: now, line: heap },
  ]);
}

/** Names of the groups, from the API that Grafana reads; waits for them to be read. */
async function groups(address: string): Promise<string[]> {
  return eventually(
    async () => {
      const answer = await fetch(`http://${address}:3100/prometheus/api/v1/rules`);
      const { data } = (await answer.json()) as Manifest;
      return (data?.groups ?? []).map(({ name }: Manifest) => name) as string[];
    },
    (names) => names.length >= 3,
  );
}

async function fired(alertmanager: Alertmanager, count: number) {
  const alerts = await eventually(
    () => alertmanager.alerts(),
    (all) => all.length >= count,
  );
  const name = ({ labels }: (typeof alerts)[number]) => labels['alertname'] ?? '';
  return alerts.sort((a, b) => name(a).localeCompare(name(b)));
}

/** A change of the ConfigMap is read without a restart. */
async function changed(folder: string, address: string, report: Run['report']): Promise<void> {
  const file = join(folder, 'files', 'loki-log-alerts', 'shop.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('name: shop', 'name: payments'));
  const names = await eventually(
    () => groups(address),
    (all) => all.includes('payments'),
  );
  report.equal('groups after a change of the ConfigMap, without a restart', names.sort(), [
    'errors',
    'memory',
    'payments',
  ]);
}

/** What the alerts LokiLogAlertsFail and LokiLogAlertsNotSent read. */
async function unreachable(
  alertmanager: Alertmanager,
  address: string,
  report: Run['report'],
): Promise<void> {
  const read = async () => {
    const text = await scrape(address, 3100);
    return {
      evaluated: sumOfMetric(text, 'loki_prometheus_rule_evaluations_total'),
      failed: sumOfMetric(text, 'loki_prometheus_rule_evaluation_failures_total', 'rule_group='),
      notSent: sumOfMetric(text, 'loki_prometheus_notifications_errors_total'),
    };
  };
  const before = await read();
  report.figure('evaluations', before.evaluated, before.evaluated > 0);
  report.equal('evaluations that failed', before.failed, 0);
  await alertmanager.kill();
  const after = await eventually(read, ({ notSent }) => notSent > before.notSent);
  report.figure(
    'notifications that failed once Alertmanager was gone',
    after.notSent,
    after.notSent > before.notSent,
  );
}

async function eventually<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 240_000;
  for (;;) {
    const value = await read();
    if (done(value) || Date.now() > deadline) return value;
    await sleep(2_000);
  }
}
