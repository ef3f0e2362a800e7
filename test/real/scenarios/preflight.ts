import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createExisting, GUEST, runWith, writeKubeconfig } from '../existing-cluster';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

interface Told {
  readonly tally: Record<string, number>;
  readonly checks: ReadonlyArray<{ id: string; verdict: string; observed: string }>;
}

const PREFLIGHT = ['scripts/run.cjs', 'scripts/preflight.ts'];

/** Preflight reads a real API server, and an export of it, and says the same of both. */
export const preflightScenario: Scenario = {
  name: 'preflight',
  title: 'Preflight of dist/ on a real API server: live, from an export, without rights',
  needs: ['etcd', 'apiServer', 'kubectl'],
  async run({ folder, report }: Run) {
    const api = await startApi(folder, []);
    try {
      await createExisting(api);
      const admin = writeKubeconfig(api, folder, 'admin');
      const ask = async (kubeconfig: string, ...args: string[]) => {
        const ended = await runWith(kubeconfig, process.execPath, [...PREFLIGHT, ...args]);
        if (ended.status === 2 || ended.stderr !== '') throw new Error(ended.stderr);
        return { status: ended.status, told: JSON.parse(ended.stdout) as Told };
      };
      const notOk = ({ checks }: Told) =>
        checks.filter(({ verdict }) => verdict !== 'ok').map(({ id, observed }) => `${id}: ${observed}`);
      const always = [
        'grafana-names: datasources that were created manually in Grafana are not in the Kubernetes API',
        'ingress-controller: the load balancer is outside the cluster, and its addresses are not in the Kubernetes API',
        'inotify: kernel limits are not in the Kubernetes API',
      ];

      const began = performance.now();
      const live = await ask(admin, '--json');
      report.figure('seconds of the live run', ((performance.now() - began) / 1000).toFixed(1));
      report.equal('live: exit code', live.status, 0);
      report.equal('live: what is not ok', notOk(live.told), always);

      const file = join(folder, 'cluster.json');
      const { stdout: command } = await runWith(admin, process.execPath, [...PREFLIGHT, '--export-command']);
      const written = await runWith(admin, 'bash', ['-euc', command.replace('> cluster.json', `> ${file}`)]);
      report.equal('export: exit code of the command', written.status, 0);
      report.equal('export: Secrets in it', readFileSync(file, 'utf8').includes('"kind": "Secret"'), false);
      report.equal('export: what is not ok', notOk((await ask(admin, '--export', file, '--json')).told), [
        'name-clashes: not read: Secret',
        ...always,
      ]);

      const type = 'application/merge-patch+json';
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
      await api.call('PATCH', '/api/v1/namespaces/monitoring', { metadata: { labels } }, type);
      await api.call('DELETE', '/apis/storage.k8s.io/v1/storageclasses/gp3');
      const wrong = await ask(admin, '--json');
      report.equal('a cluster that does not fit: exit code', wrong.status, 1);
      report.equal(
        'a cluster that does not fit: what fails',
        wrong.told.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id),
        ['pod-security', 'storage-class'],
      );

      const guest = await ask(writeKubeconfig(api, folder, GUEST), '--json');
      const unknown = guest.told.checks.filter(({ verdict }) => verdict === 'unknown');
      report.equal('without rights: nothing is taken for missing', guest.told.tally['fail'], 0);
      report.figure(
        'without rights: first of what is unknown',
        unknown[0]?.observed ?? '',
        unknown.length > 10,
      );
    } finally {
      api.stop();
    }
  },
};
