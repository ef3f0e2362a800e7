import { isBuiltIn } from '../../../lib/kubernetes/kinds';
import { LOGINS } from '../../gateway/values';
import { type Manifest, manifests, settings } from '../../support/render';
import { addDefinitions } from '../custom-resources';
import { drift } from '../drift';
import type { KubernetesApi } from '../kubernetes-api';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

/** Folder with the definitions of the Gateway API and of the controllers whose policies are rendered. */
const CRDS = process.env['GATEWAY_CRDS'];

/** Fields that every object has, and nothing compares. */
const METADATA = ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'uid'].map(
  (name) => `metadata.${name}`,
);

/** Kinds of which every login has to be accepted. */
const KINDS = [
  'HTTPRoute',
  'SecurityPolicy',
  'ListenerRuleConfiguration',
  'TargetGroupConfiguration',
  'Middleware',
];

/** Every route and every policy is accepted by the rules of its definition, and reads back as it is. */
export const gatewayScenario: Scenario = {
  name: 'gateway',
  title: 'Gateway API: routes and policies of every login, against the real definitions and their CEL rules',
  needs: ['etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    if (CRDS === undefined) return report.skip('everything', 'GATEWAY_CRDS names no folder with definitions');
    const cases = Object.entries(LOGINS).map(([name, values]) => ({
      name,
      objects: manifests(settings(values)).filter((object) => KINDS.includes(object.kind)),
    }));
    const api = await startApi(
      folder,
      cases.flatMap(({ objects }) => objects),
    );
    try {
      report.figure('definitions', (await addDefinitions(api, CRDS)).join(', '));
      for (const { name, objects } of cases) {
        const found = await applied(api, objects);
        report.equal(`${name}: objects refused, and fields that read back otherwise`, found, []);
      }
      const kinds = new Set(cases.flatMap(({ objects }) => objects.map(({ kind }) => kind)));
      report.equal('kinds', [...kinds].sort(), [...KINDS].sort());
      await refuses(api, cases[0]?.objects ?? [], report);
    } finally {
      api.stop();
    }
  },
};

async function applied(api: KubernetesApi, objects: readonly Manifest[]): Promise<string[]> {
  const problems: string[] = [];
  for (const object of objects.filter((one) => !isBuiltIn(one))) {
    const about = `${object.kind}/${object.metadata.name}`;
    const { status, body } = await api.apply(object);
    if (status >= 300) problems.push(`${about}: ${body.message}`);
    else {
      const { changed, added } = drift(object, body);
      const fields = [...changed, ...added.filter((path) => !METADATA.includes(path))];
      problems.push(...fields.map((field) => `${about} ${field}`));
    }
  }
  for (const object of objects) await api.remove(object);
  return problems;
}

/** The rules are in force: wrong objects are refused. */
async function refuses(
  api: KubernetesApi,
  objects: readonly Manifest[],
  report: Run['report'],
): Promise<void> {
  const wrong = async (what: string, kind: string, edit: (object: Manifest) => void) => {
    const object = structuredClone(objects.find((one) => one.kind === kind));
    edit(object);
    const { status, body } = await api.apply(object);
    report.figure(`refused: ${what}`, String(body.message ?? status).slice(0, 160), status >= 400);
  };
  await wrong('129 matches in a route', 'HTTPRoute', ({ spec }) => {
    const match = { path: { type: 'Exact', value: '/a' } };
    spec.rules = [64, 64, 1].map((count) => ({ ...spec.rules[0], matches: Array(count).fill(match) }));
  });
  await wrong('a path with "//"', 'HTTPRoute', ({ spec }) => {
    spec.rules[0].matches[0].path.value = '/a//b';
  });
  await wrong('a policy for a Service', 'SecurityPolicy', ({ spec }) => {
    spec.targetRefs[0] = { group: '', kind: 'Service', name: 'loki' };
  });
}
