import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bucketSetup } from '../../../lib/object-storage/permissions';
import { SENDERS } from '../../../scripts/smoke/spans/senders';
import { type Manifest, manifests, settings } from '../../support/render';
import { onBucketServer } from '../bucket-server';
import { hastened } from '../deletion';
import { type AccessKey, IamServer } from '../iam-server';
import { requests } from '../load';
import { LokiClient } from '../loki-client';
import type { Run, Scenario } from '../scenario';
import { Stack } from '../stack';
import { readTrace } from '../tempo-client';

const STORES = ['loki', 'tempo'] as const;
const BUCKET = 'observability';
const LINES = 1_000;

/** Loki and Tempo may do what the printed policies say and nothing else, and that is enough. */
export const permissionsScenario: Scenario = {
  name: 'permissions',
  title:
    'Permissions: Loki and Tempo with the printed policies, on a server that checks signatures and policies',
  needs: ['loki', 'tempo', 'moto'],
  async run({ folder, report }: Run) {
    const stores = Object.fromEntries(
      STORES.map((name) => [
        name,
        {
          storage: {
            ...onBucketServer(BUCKET),
            prefix: name,
            identity: { type: 'secret', secretName: `${name}-bucket` },
          },
        },
      ]),
    );
    const of = settings(stores);
    const server = new IamServer(join(folder, 'server'));
    let stack: Stack | undefined;
    try {
      await server.start(1 + 3 * STORES.length);
      await server.createBucket(BUCKET);
      const secrets: Manifest[] = [];
      for (const name of STORES) {
        const { storage } = of[name];
        if (storage.type === 'filesystem') throw new Error('no bucket');
        const [policy] = bucketSetup(storage, { name, namespace: 'monitoring' });
        secrets.push(secretOf(name, await server.createUser(name, policy?.json ?? {})));
      }
      stack = await Stack.create({
        folder,
        objects: hastened([...manifests(of), ...secrets]),
        withApi: false,
      });
      await use(stack, report);
      report.equal('requests that were refused', server.refused, []);
      report.figure('requests that wrote', server.answered('PUT'), server.answered('PUT') > 0);
      report.figure('requests that deleted', server.answered('DELETE'));
      await stack.stop();

      stack = await Stack.create({
        folder,
        objects: [...manifests(of), ...secrets.map(altered)],
        withApi: false,
      });
      for (const name of STORES) {
        const pod = stack.pod(name);
        pod.start();
        for (let tries = 0; pod.running && tries < 60; tries++) await sleep(1_000);
        report.equal(`${name} with a wrong key runs`, pod.running, false);
      }
    } finally {
      server.stop();
      await stack?.stop();
    }
  },
};

const secretOf = (name: string, stringData: AccessKey): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: `${name}-bucket`, namespace: 'monitoring' },
  stringData,
});

/** The Secret with a key that signs otherwise. */
const altered = (secret: Manifest): Manifest => ({
  ...secret,
  stringData: { ...secret.stringData, AWS_SECRET_ACCESS_KEY: 'another' },
});

async function use(stack: Stack, report: Run['report']): Promise<void> {
  await stack.start(...STORES);
  const [loki, tempo] = STORES.map((name) => stack.pod(name).address) as [string, string];
  const now = BigInt(Date.now()) * 1_000_000n;
  const lines = Array.from({ length: LINES }, (_, n) => ({
    nanoseconds: now + BigInt(n),
    line: `line ${n}`,
  }));
  await new LokiClient(`http://${loki}:3100`).push({ pod: 'signed', namespace: 'apps' }, lines);
  const spans = requests('signed', 100);
  await SENDERS['OTLP gRPC'](tempo, spans);
  await sleep(60_000);
  for (const name of STORES) await stack.pod(name).stop();
  await stack.start(...STORES);
  const found = await new LokiClient(`http://${loki}:3100`).count('{pod="signed"}');
  report.equal(`lines after a restart, of ${LINES}`, found, LINES);
  let lost = 0;
  for (const { traceId } of spans) lost += (await readTrace(tempo, traceId)).length === 0 ? 1 : 0;
  report.equal(`lost after a restart, of ${spans.length} traces`, lost, 0);
  // The compactor merges the index, and deletes what it has merged.
  await sleep(60_000);
}
