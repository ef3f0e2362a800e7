import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardsOf, panelsOf } from '../../support/dashboards';
import { type Manifest, manifests, settings } from '../../support/render';
import type { KubernetesApi } from '../kubernetes-api';
import { LokiClient } from '../loki-client';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';

const EVENTS = '{app="kubernetes-events"}';
const LEGACY = 'v1';
const COLLECTOR = 'event-collector';

/** Kubernetes events, as the kubelet and the scheduler write them, in Loki: labels, fields, restarts, outages. */
export const kubernetesEventsScenario: Scenario = {
  name: 'kubernetes-events',
  title: 'Kubernetes events: from a real API server to Loki, through restarts, outages and a new pod',
  needs: ['loki', 'event-collector', 'etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const values = { kubernetesEvents: { enabled: true }, cluster: { name: 'eu-1' } };
    const objects = manifests(settings(values));
    const stack = await Stack.create({ folder, objects, withApi: true, namespaces: ['shop'] });
    const since = Date.now() - 3_600_000;
    try {
      await stack.start('loki');
      const loki = new LokiClient(`http://${stack.pod('loki').address}:3100`);
      const settled = (expected: number, selector = EVENTS) =>
        loki.settled(selector, since, expected, 90).then(({ length }) => length);

      await legacyEvent(stack.api, 'web-1.evicted', EVICTED);
      await stack.start(COLLECTOR);
      await scheduled(stack.api, 'web-2.scheduled');
      await legacyEvent(stack.api, 'node-1.not-ready', NOT_READY, 'default');
      report.equal('entries: one from before the start, two from after it', await settled(3), 3);
      const [evicted] = await loki.entries(`{namespace="shop"} | object_name="web-1"`, since);
      report.equal('why was web-1 evicted', evicted?.line, `Evicted Pod/web-1: ${EVICTED.message}`);
      report.equal('labels', evicted?.labels ?? {}, {
        app: 'kubernetes-events',
        cluster: 'eu-1',
        namespace: 'shop',
        service_name: 'kubernetes-events',
      });
      report.equal('fields', sorted(evicted?.metadata), {
        component: 'kubelet',
        count: '1',
        detected_level: 'warn',
        level: 'warn',
        node: 'node-1',
        object_kind: 'Pod',
        object_name: 'web-1',
        reason: 'Evicted',
      });
      report.equal(
        'time is that of the event',
        Number((evicted?.nanoseconds ?? 0n) / 1_000_000n),
        EVICTED.at.getTime(),
      );
      const [pulled] = await loki.entries(`{namespace="shop"} | object_name="web-2"`, since);
      report.equal(
        'event of events.k8s.io: level and microseconds',
        [pulled?.metadata['detected_level'], Number((pulled?.nanoseconds ?? 0n) % 1_000_000_000n)],
        ['info', 123_456_000],
      );
      const [node] = await loki.entries(`{namespace="default"} | object_kind="Node"`, since);
      report.equal(
        'event of a node',
        [node?.metadata['node'], node?.line],
        ['node-1', `NodeNotReady Node/node-1: ${NOT_READY.message}`],
      );

      await repeat(stack.api, 'web-1.evicted', 2);
      report.equal('a repeated event is an entry of its own', await settled(4), 4);
      await stack.api.call('DELETE', eventsIn('shop', LEGACY, 'web-1.evicted'));
      await many(stack.api, 'after', 5);
      report.equal('an event that expires is none', await settled(9), 9);
      report.equal(
        'dashboard: warnings by reason',
        await warnings(`http://${stack.pod('loki').address}:3100`, objects),
        ['BackOff 5', 'Evicted 2'],
      );

      await stack.pod('loki').kill();
      await many(stack.api, 'outage', 200);
      await stack.pod(COLLECTOR).kill();
      await many(stack.api, 'both', 200);
      stack.pod(COLLECTOR).start();
      await stack.start('loki');
      report.equal('Loki away, collector killed: of 400 events in Loki', (await settled(409)) - 9, 400);

      await stack.pod(COLLECTOR).stop();
      await many(stack.api, 'restart', 100);
      await stack.start(COLLECTOR);
      report.equal('collector restarted: of 100 events in Loki', (await settled(509)) - 409, 100);

      // Loki forgets what it has written to its volume.
      await flush(`http://${stack.pod('loki').address}:3100`);
      await stack.pod(COLLECTOR).kill();
      rmSync(join(folder, 'empty', COLLECTOR), { recursive: true });
      await many(stack.api, 'new-pod', 100);
      await stack.start(COLLECTOR);
      report.equal('new pod without state: of 100 events in Loki', (await settled(609)) - 509, 100);
      const resent = await metric(stack, 'otelcol_exporter_sent_log_records', 607);
      report.equal('  events that the new pod sent', resent, 607);
      report.equal('  entries in Loki: none is doubled', await settled(610), 609);
      const { peakMemory, memoryLimit } = stack.pod(COLLECTOR);
      const [peak = 0, limit] = [peakMemory, memoryLimit].map((bytes) => Math.round(bytes / 2 ** 20));
      report.figure(`peak memory in MiB, of ${limit}`, peak, peakMemory < memoryLimit);
    } finally {
      await stack.stop();
    }
  },
};

/** What the panel of the Loki Logs Dashboard shows of the last hour. */
async function warnings(loki: string, objects: readonly Manifest[]): Promise<string[]> {
  const panel = dashboardsOf(objects)
    .flatMap(panelsOf)
    .find(({ title }) => title === 'Warnings by reason');
  const query = panel.targets[0].expr
    .replace('${search:raw}', '')
    .replaceAll(/\$\{\w+:regex\}/g, '..*')
    .replace('$__auto', '1h');
  const answer = await fetch(`${loki}/loki/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await answer.json()) as Manifest;
  return data.result.map(({ metric, value }: Manifest) => `${metric.reason} ${value[1]}`).sort();
}

interface Event {
  readonly kind: string;
  readonly object: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly at: Date;
}

/** Kubernetes writes seconds. */
const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / 1000) * 1000 - minutes * 60_000);

const EVICTED: Event = {
  kind: 'Pod',
  object: 'web-1',
  type: 'Warning',
  reason: 'Evicted',
  message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 92Mi.',
  at: minutesAgo(20),
};

const NOT_READY: Event = {
  kind: 'Node',
  object: 'node-1',
  type: 'Normal',
  reason: 'NodeNotReady',
  message: 'Node node-1 status is now: NodeNotReady',
  at: minutesAgo(0),
};

const eventsIn = (namespace: string, api: string, name = '') =>
  `${api === LEGACY ? '/api/v1' : `/apis/${api}`}/namespaces/${namespace}/events/${name}`.replace(/\/$/, '');

async function created(api: KubernetesApi, path: string, event: object): Promise<void> {
  const { status, body } = await api.call('POST', path, event);
  if (status !== 201) throw new Error(`event: ${status} ${body.message}`);
}

/** An event of the older API, which the kubelet and the controllers use. */
async function legacyEvent(
  api: KubernetesApi,
  name: string,
  event: Event,
  namespace = 'shop',
): Promise<void> {
  const { kind, object, type, reason, message, at } = event;
  const time = at.toISOString().replace('.000Z', 'Z');
  await created(api, eventsIn(namespace, LEGACY), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { kind, name: object, ...(kind === 'Node' ? {} : { namespace }) },
    ...{ type, reason, message, count: 1, firstTimestamp: time, lastTimestamp: time },
    source: { component: 'kubelet', host: 'node-1' },
    reportingComponent: 'kubelet',
  });
}

/** Several events, each about a pod of its own. */
async function many(api: KubernetesApi, batch: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++)
    await legacyEvent(api, `${batch}.${index}`, {
      ...{ kind: 'Pod', object: `${batch}-${index}`, type: 'Warning', reason: 'BackOff' },
      ...{ message: 'Back-off restarting failed container', at: minutesAgo(0) },
    });
}

/** An event of the newer API, which the scheduler uses. */
async function scheduled(api: KubernetesApi, name: string): Promise<void> {
  const second = minutesAgo(0).toISOString().slice(0, 19);
  await created(api, eventsIn('shop', 'events.k8s.io/v1'), {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace: 'shop' },
    regarding: { apiVersion: 'v1', kind: 'Pod', name: 'web-2', namespace: 'shop' },
    ...{ type: 'Normal', reason: 'Scheduled', action: 'Binding', note: 'Assigned shop/web-2 to node-1' },
    eventTime: `${second}.123456Z`,
    reportingController: 'default-scheduler',
    reportingInstance: 'default-scheduler-1',
  });
}

/** What a recorder does when an event happens again. */
async function repeat(api: KubernetesApi, name: string, count: number): Promise<void> {
  const change = { count, lastTimestamp: minutesAgo(0).toISOString().replace('.000Z', 'Z') };
  await api.call('PATCH', eventsIn('shop', LEGACY, name), change, 'application/merge-patch+json');
}

/** Makes Loki write all chunks, and waits until none is in memory. */
async function flush(loki: string): Promise<void> {
  await fetch(`${loki}/flush`, { method: 'POST' });
  for (let tries = 0; tries < 30; tries++) {
    const text = await (await fetch(`${loki}/metrics`)).text();
    if (Number(/^loki_ingester_memory_chunks (\S+)$/m.exec(text)?.[1]) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  throw new Error('Loki still has chunks in memory');
}

const sorted = (fields: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => a.localeCompare(b)));

/** A counter of the collector, once it has reached a value or a minute has passed. */
async function metric(stack: Stack, name: string, least: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    const text = await (await fetch(`http://${stack.pod(COLLECTOR).address}:8888/metrics`)).text();
    const value = Number(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
    if (value >= least || tries === 30) return value;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}
