import { argoCdFiles } from '../../../lib/gitops/argo-cd';
import { fluxFiles } from '../../../lib/gitops/flux';
import { gitOpsSettings } from '../../../lib/gitops/settings';
import type { Manifest } from '../../support/render';
import { addDefinitions } from '../custom-resources';
import { drift } from '../drift';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

/** Folder with the definitions of Argo CD and Flux. */
const CRDS = process.env['GITOPS_CRDS'];

const CLUSTERS = ['default', 'staging', 'eu/prod', 'us/prod'];
const SETTINGS = gitOpsSettings.parse({
  repository: { url: 'ssh://git@git.company.net/platform/logs-and-traces.git' },
  clusters: {
    staging: { wave: 1, revision: 'next' },
    'eu/prod': { wave: 2 },
    'us/prod': { wave: 3, server: 'https://203.0.113.10:6443' },
  },
  flux: { secretName: 'repository' },
});

/** What the API server adds to every object. */
const METADATA = /^metadata\.(?:creationTimestamp|generation|managedFields|resourceVersion|uid)$/;

/** The objects for GitOps controllers are accepted by the definitions of Argo CD and Flux. */
export const gitOpsScenario: Scenario = {
  name: 'gitops',
  title:
    'GitOps: Applications, an ApplicationSet with waves, and Kustomizations, against the real definitions',
  needs: ['etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    if (CRDS === undefined) return report.skip('everything', 'GITOPS_CRDS names no folder with definitions');
    const files = { ...argoCdFiles(SETTINGS, CLUSTERS), ...fluxFiles(SETTINGS, CLUSTERS) };
    const filled = new Set<string>();
    const api = await startApi(folder, Object.values(files).flat() as Manifest[]);
    try {
      report.figure('definitions', (await addDefinitions(api, CRDS)).join(', '));
      for (const [name, objects] of Object.entries(files))
        for (const object of objects as Manifest[]) {
          const { status, body } = await api.apply(object);
          const { changed, added } = status < 300 ? drift(object, body) : { changed: [], added: [] };
          const wrong = status < 300 ? changed : [String(body.message)];
          report.equal(`${name} ${object.kind}: refused, or fields that read back otherwise`, wrong, []);
          for (const path of added.filter((one) => !METADATA.test(one))) filled.add(`${object.kind} ${path}`);
        }
      report.figure('fields that the API server fills in', [...filled].join(', '));
    } finally {
      api.stop();
    }
  },
};
