import { isBuiltIn } from '../../../lib/kubernetes/kinds';
import { CASE_NAMES, caseManifests, type Manifest } from '../../support/render';
import type { KubernetesApi } from '../kubernetes-api';
import type { Report } from '../report';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

/** Every object of every case is accepted, and the agent may do what it does and no more. */
export const apiServerScenario: Scenario = {
  name: 'api-server',
  title: 'API server: server-side apply with strict fields, twice; rights of the agent',
  needs: ['etcd', 'apiServer'],
  async run({ folder, objects, report }: Run) {
    const cases = CASE_NAMES.map((name) => ({ name, objects: caseManifests(name) }));
    const api = await startApi(
      folder,
      cases.flatMap((one) => one.objects),
    );
    try {
      const { body } = await api.call('GET', '/version');
      report.figure('version of the API server', body.gitVersion);
      const custom = cases.flatMap((one) => one.objects.filter((one) => !isBuiltIn(one)));
      for (const kind of new Set(custom.map((object) => object.kind)))
        report.skip(`every ${kind}`, 'this API server has no CRD for it');
      for (const one of cases) await applyTwice(api, one.name, one.objects, report);
      for (const object of objects) await api.apply(object);
      await checkRights(api, objects, report);
    } finally {
      api.stop();
    }
  },
};

async function applyTwice(
  api: KubernetesApi,
  name: string,
  objects: readonly Manifest[],
  report: Report,
): Promise<void> {
  const foreign = objects.filter((one) => !isBuiltIn(one));
  const own = objects.filter((object) => !foreign.includes(object));
  const first = [];
  for (const object of own) first.push(await api.apply(object));
  const refused = first.flatMap(({ status, body }, index) =>
    status < 300
      ? []
      : [`${own[index].kind}/${own[index].metadata.name}: ${body.message ?? `${status} ${body}`}`],
  );
  const changed: string[] = [];
  for (const [index, object] of own.entries()) {
    const { body } = await api.apply(object);
    if (content(body) !== content(first[index]?.body)) changed.push(`${object.kind}/${object.metadata.name}`);
  }
  report.figure(
    `${name}: objects accepted`,
    refused.length === 0 ? `${own.length} of ${own.length}` : refused.join('; '),
    refused.length === 0,
  );
  report.equal(`${name}: objects that a second apply changes`, changed, []);
  // Selectors and claims of two cases differ, and cannot be changed in place.
  for (const object of own) await api.remove(object);
}

async function checkRights(api: KubernetesApi, objects: readonly Manifest[], report: Report): Promise<void> {
  const account = objects.find(
    ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'promtail',
  );
  const { token } = await api.tokenFiles(account.metadata.namespace, 'promtail');
  const status = async (path: string) =>
    (await api.call('GET', path, undefined, 'application/json', token)).status;
  report.equal('promtail lists pods', await status('/api/v1/pods?limit=1'), 200);
  const shut = [
    '/api/v1/secrets',
    '/api/v1/configmaps',
    '/api/v1/nodes',
    '/api/v1/namespaces',
    '/api/v1/namespaces/apps/pods/x/log',
  ];
  for (const path of shut) report.equal(`promtail on ${path}`, await status(path), 403);
}

/** An object without its version: the server writes a claim once more without a change. */
function content(object: Manifest): string {
  return JSON.stringify(object, (key, value) =>
    key === 'resourceVersion' || key === 'managedFields' ? undefined : value,
  );
}
