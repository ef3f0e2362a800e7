import { readManifests } from '../../../scripts/manifests';
import type { Manifest } from '../../support/render';
import type { Ended } from '../command';
import { Controllers } from '../controllers';
import { createExisting, GUEST, runWith, writeKubeconfig } from '../existing-cluster';
import type { KubernetesApi } from '../kubernetes-api';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

const OURS = 'labelSelector=app.kubernetes.io%2Fpart-of%3Dlogs-and-traces';
const LISTS = [
  ...[
    'secrets',
    'configmaps',
    'services',
    'serviceaccounts',
    'persistentvolumeclaims',
    'namespaces',
    'nodes',
  ].map((plural) => `/api/v1/${plural}`),
  ...['deployments', 'statefulsets', 'daemonsets'].map((plural) => `/apis/apps/v1/${plural}`),
  ...['clusterroles', 'clusterrolebindings'].map((plural) => `/apis/rbac.authorization.k8s.io/v1/${plural}`),
  ...['ingresses', 'ingressclasses', 'networkpolicies'].map(
    (plural) => `/apis/networking.k8s.io/v1/${plural}`,
  ),
  ...['storageclasses', 'csidrivers'].map((plural) => `/apis/storage.k8s.io/v1/${plural}`),
  ...['prometheuses', 'servicemonitors', 'prometheusrules'].map(
    (plural) => `/apis/monitoring.coreos.com/v1/${plural}`,
  ),
];

/** Deployment and removal by the scripts, on a real API server; controllers are played. */
export const deployScenario: Scenario = {
  name: 'deploy',
  title:
    'deploy.sh and cleanup.sh on a real API server: apply, repeat, interrupt, refuse, remove, and leave the rest',
  needs: ['etcd', 'apiServer', 'kubectl'],
  async run({ folder, report }: Run) {
    const api = await startApi(folder, []);
    const controllers = new Controllers(api, 'monitoring');
    try {
      await createExisting(api);
      const kubeconfig = writeKubeconfig(api, folder, 'admin');
      const before = await contents(api);
      // There are no pods that a smoke test could reach.
      const call = (script: string, ...args: string[]) =>
        runWith(kubeconfig, `scripts/${script}.sh`, script === 'deploy' ? ['--skip-smoke', ...args] : args);
      const total = readManifests('default').length;

      await rehearsals(api, call, writeKubeconfig(api, folder, GUEST), report);

      const began = performance.now();
      const first = await call('deploy');
      report.equal('deploy: exit code', first.status, 0);
      report.figure('deploy: seconds', ((performance.now() - began) / 1000).toFixed(1));
      const applied = await contents(api, OURS);
      report.equal('deploy: objects of ours', applied.size, total);
      report.equal(
        'deploy: says where things are',
        first.stdout.includes('https://loki.bluesunnywings.com'),
        true,
      );
      report.equal('deploy again: exit code', (await call('deploy')).status, 0);
      report.equal('deploy again: objects that changed', changed(applied, await contents(api, OURS)), []);

      await conflicts(api, call, report);
      await interrupts(api, controllers, kubeconfig, report);
      await removal(api, call, kubeconfig, report);
      report.equal(
        'at the end: objects of others that changed or went',
        changed(before, await contents(api)),
        [],
      );
      report.equal('at the end: objects of ours', [...(await contents(api, OURS)).keys()], []);
    } finally {
      controllers.stop();
      api.stop();
    }
  },
};

type Call = (script: string, ...args: string[]) => Promise<Ended>;
type Report = Run['report'];

/** The last line on stderr, where the scripts say why they stop. */
const why = ({ stderr }: Ended) => stderr.trim().split('\n').at(-1) ?? '';

/** Every object by its address, with what is in it: not its status, nor its version, which the server may count up alone. */
async function contents(api: KubernetesApi, query = ''): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const list of LISTS) {
    const { body } = await api.call('GET', `${list}?${query}`);
    for (const { status: _, ...object } of body.items as Manifest[]) {
      const { resourceVersion, managedFields, ...metadata } = object.metadata;
      found.set(
        `${list} ${metadata.namespace ?? ''}/${metadata.name}`,
        JSON.stringify({ ...object, metadata }),
      );
    }
  }
  return found;
}

/** Addresses of what has changed, or is gone. */
function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...before]
    .filter(([address, content]) => after.get(address) !== content)
    .map(([address]) => address);
}

async function rehearsals(api: KubernetesApi, call: Call, guest: string, report: Report): Promise<void> {
  const dry = await call('deploy', '--dry-run');
  report.equal('deploy --dry-run: exit code', dry.status, 0);
  report.equal('deploy --dry-run: shows the diff', dry.stdout.includes('+kind: StatefulSet'), true);
  const forbidden = await runWith(guest, 'scripts/deploy.sh', ['--skip-smoke', '--skip-preflight']);
  report.equal('deploy without rights', `${forbidden.status} ${why(forbidden)}`, `1 deploy.sh: ${NO_RIGHTS}`);
  const elsewhere = await call('deploy', '--namespace', 'logging');
  report.equal('deploy to another namespace', elsewhere.status, 2);
  report.equal('objects after all that', [...(await contents(api, OURS)).keys()], []);
}

const NO_RIGHTS = 'nothing was changed: request the permissions named above, or use another --context';

/** Somebody has changed a field by hand. */
async function conflicts(api: KubernetesApi, call: Call, report: Report): Promise<void> {
  const path = '/apis/apps/v1/namespaces/monitoring/deployments/tempo';
  const patch = { spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } } };
  await api.call('PATCH', path, patch, 'application/merge-patch+json');
  const refused = await call('deploy', '--skip-preflight');
  report.figure(
    'deploy over a change by hand',
    why(refused),
    refused.status === 1 && why(refused).includes('--force-conflicts'),
  );
  report.equal(
    'deploy --force-conflicts',
    (await call('deploy', '--skip-preflight', '--force-conflicts')).status,
    0,
  );
  const { body } = await api.call('GET', path);
  report.equal('the field is ours again', body.spec.template.spec.terminationGracePeriodSeconds > 1, true);
}

async function interrupts(
  api: KubernetesApi,
  controllers: Controllers,
  kubeconfig: string,
  report: Report,
): Promise<void> {
  controllers.stop();
  const restart = { spec: { template: { metadata: { annotations: { again: 'yes' } } } } };
  const path = '/apis/apps/v1/namespaces/monitoring/statefulsets/loki';
  await api.call('PATCH', path, restart, 'application/merge-patch+json');
  const interruptAt = 'for StatefulSet loki';
  const ended = await runWith(kubeconfig, 'scripts/deploy.sh', ['--skip-smoke', '--skip-preflight'], {
    interruptAt,
  });
  report.equal('deploy, interrupted while it waits', ended.status, 130);
  const late = await runWith(kubeconfig, 'scripts/deploy.sh', [
    '--skip-smoke',
    '--skip-preflight',
    '--timeout',
    '2s',
  ]);
  report.figure(
    'a rollout that does not end',
    why(late),
    late.status === 1 && why(late).includes('StatefulSet loki did not roll out in 2s'),
  );
  const again = new Controllers(api, 'monitoring');
  try {
    report.equal(
      'deploy after that',
      (await runWith(kubeconfig, 'scripts/deploy.sh', ['--skip-smoke', '--skip-preflight'])).status,
      0,
    );
  } finally {
    again.stop();
  }
}

async function removal(api: KubernetesApi, call: Call, kubeconfig: string, report: Report): Promise<void> {
  const controllers = new Controllers(api, 'monitoring');
  try {
    const claims = '/api/v1/namespaces/monitoring/persistentvolumeclaims';
    const uids = async () =>
      ((await api.call('GET', claims)).body.items as Manifest[]).map(({ metadata }) => metadata.uid);
    const volumes = await uids();
    const service = '/api/v1/namespaces/monitoring/services/tempo';
    const label = { metadata: { labels: { 'app.kubernetes.io/part-of': 'something-else' } } };
    await api.call('PATCH', service, label, 'application/merge-patch+json');
    const all = await contents(api, OURS);

    report.equal('cleanup --dry-run: exit code', (await call('cleanup', '--dry-run')).status, 0);
    report.equal('cleanup --dry-run: objects that changed', changed(all, await contents(api, OURS)), []);
    report.equal('cleanup: exit code', (await call('cleanup')).status, 0);
    report.equal(
      'cleanup: what stays of ours',
      [...(await contents(api, OURS)).keys()],
      ['/api/v1/persistentvolumeclaims monitoring/loki', '/api/v1/persistentvolumeclaims monitoring/tempo'],
    );
    report.equal(
      'cleanup: a Service of somebody else with our name',
      (await api.call('GET', service)).status,
      200,
    );
    await api.call('DELETE', service);
    report.equal('cleanup again: exit code', (await call('cleanup')).status, 0);
    report.equal('deploy after cleanup: exit code', (await call('deploy', '--skip-preflight')).status, 0);
    report.equal('deploy after cleanup: the volumes are the same', await uids(), volumes);

    const unasked = await call('cleanup', '--delete-data');
    report.figure('cleanup --delete-data without a terminal', why(unasked), unasked.status === 2);
    const typed = (word: string) =>
      runWith(kubeconfig, 'script', ['-qec', 'scripts/cleanup.sh --delete-data', '/dev/null'], {
        input: `${word}\n`,
      });
    report.equal('cleanup --delete-data, another word typed', (await typed('yes')).status, 2);
    report.equal('volumes after that', await uids(), volumes);
    report.equal('cleanup --delete-data, the name of the cluster typed', (await typed('real')).status, 0);
    report.equal('volumes after that too', await uids(), []);
    report.equal('deploy once more', (await call('deploy', '--skip-preflight')).status, 0);
    report.equal('cleanup --delete-data --yes', (await call('cleanup', '--delete-data', '--yes')).status, 0);
  } finally {
    controllers.stop();
  }
}
