import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBuiltIn, isRolling } from '../../../lib/kubernetes/kinds';
import { typeOf } from '../../../lib/kubernetes/object';
import { canonical } from '../../../lib/review/diff/canonical';
import { DEFAULTS } from '../../../lib/review/rules/defaults';
import { defaultPairs } from '../../review/defaults';
import { MORE_PAIRS } from '../../review/more-pairs';
import { OBJECTS } from '../../review/objects';
import { PAIRS, type Pair } from '../../review/pairs';
import { findingsOf } from '../../review/support';
import type { Manifest } from '../../support/render';
import type { Answer, KubernetesApi } from '../kubernetes-api';
import { findProgram, PROGRAMS } from '../programs';
import type { Report } from '../report';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

/** Applies an object, and tells what the server makes of it. */
type Apply = (object: Manifest) => Promise<Answer>;

/** What the review calls refused is refused; what it calls anything else is accepted; no effect is none. */
export const reviewScenario: Scenario = {
  name: 'review',
  title: 'Review: each assessment of `npm run review` against an API server',
  needs: ['etcd', 'apiServer', 'kubectl'],
  async run({ folder, report }: Run) {
    const api = await startApi(folder, []);
    const ofRules: Groups = [
      ...Object.entries(PAIRS),
      ...MORE_PAIRS.map((pair) => [pair.what, [pair]] as const),
    ];
    const ofDefaults: Groups = [['fields with defaults', DEFAULTS.flatMap(defaultPairs)]];
    try {
      report.figure('version of the API server', (await api.call('GET', '/version')).body.gitVersion);
      await askAll(api, 'server-side', (object) => api.apply(object), [...ofRules, ...ofDefaults], report);
      await askAll(api, 'client-side', clientSide(api, folder), ofRules, report);
    } finally {
      api.stop();
    }
  },
};

type Groups = readonly (readonly [name: string, pairs: readonly Pair[]])[];

async function askAll(
  api: KubernetesApi,
  way: 'server-side' | 'client-side',
  apply: Apply,
  groups: Groups,
  report: Report,
): Promise<void> {
  let [asked, agreed] = [0, 0];
  for (const [name, pairs] of groups) {
    // Custom resources are assessed by what their controllers do; this server has no CRD for them.
    const known = pairs.filter(({ new: object }) => isBuiltIn(object));
    const wrong: string[] = [];
    for (const pair of known) wrong.push(...(await ask(api, pair, way, apply)));
    asked += known.length;
    agreed += known.length - wrong.length;
    if (wrong.length > 0) report.figure(`${way}: ${name}`, wrong.join('; '), false);
  }
  report.figure(
    `${way} apply: pairs of which the server makes what the review says`,
    `${agreed} of ${asked}`,
    agreed === asked,
  );
}

/** Creates the old object, applies the new one, and says where the server is of another opinion. */
async function ask(api: KubernetesApi, pair: Pair, way: string, apply: Apply): Promise<string[]> {
  await prepare(api, pair.old);
  try {
    const created = await apply(pair.old);
    if (created.status >= 300) return [`${pair.what}: the old object is refused: ${created.body.message}`];
    if (pair.old.kind === 'PersistentVolumeClaim') await bind(api, pair.old);
    if (pair.old.kind === 'CustomResourceDefinition') await untilEstablished(api, pair.old, true);
    const before = await apply(pair.old);
    return disagreement(pair, way, before.body, await apply(pair.new));
  } finally {
    await api.remove(pair.old);
    if (pair.old.kind === 'CustomResourceDefinition') await untilEstablished(api, pair.old, false);
  }
}

function disagreement(pair: Pair, way: string, before: Manifest, { status, body }: Answer): string[] {
  const effects = findingsOf([pair.old], [pair.new]).map(({ effect }) => effect);
  const wrong = (says: string) => [
    `${pair.what}: the review says ${effects.join(', ') || 'nothing'}, the server ${says.slice(0, 200)}`,
  ];
  const refused = status >= 300;
  const isExpected = effects.includes('refused') && (pair.only ?? way) === way;
  if (refused !== isExpected) return wrong(refused ? `refuses: ${body.message}` : 'accepts');
  if (refused || effects.includes('refused')) return [];
  const same = content(before) === content(body);
  if (effects.every((effect) => effect === 'none') && !same)
    return wrong(`has another object: ${content(body)}`);
  if (effects.some((effect) => effect !== 'none') && same) return wrong('has the same object');
  const template = ({ spec }: Manifest) => JSON.stringify(spec?.template);
  if (isRolling(body) && effects.includes('restarts') !== (template(before) !== template(body)))
    return wrong(effects.includes('restarts') ? 'has the same pod template' : 'has another pod template');
  return [];
}

/** Annotations in which servers and clients keep accounts of their own. */
const ACCOUNTS = [
  'deprecated.daemonset.template.generation',
  'kubectl.kubernetes.io/last-applied-configuration',
];

/** What an object says, without what a write leaves behind. */
function content({ metadata, status: _, ...rest }: Manifest): string {
  const { managedFields, resourceVersion, generation, annotations = {}, ...own } = metadata;
  const others = Object.fromEntries(Object.entries(annotations).filter(([key]) => !ACCOUNTS.includes(key)));
  const type = typeOf({ apiVersion: rest.apiVersion, kind: rest.kind });
  return canonical(type, { ...rest, metadata: { ...own, annotations: others } });
}

/** Plain `kubectl apply`. */
function clientSide(api: KubernetesApi, folder: string): Apply {
  const certificate = join(folder, 'server.crt');
  writeFileSync(certificate, api.certificate);
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = api.env;
  const server = [
    `--server=https://${host}:${port}`,
    `--certificate-authority=${certificate}`,
    '--token=admin',
  ];
  const program = findProgram(PROGRAMS.kubectl) ?? 'kubectl';
  return async (object) => {
    const args = [...server, 'apply', '--validate=false', '-o', 'json', '-f', '-'];
    const { status, stdout, stderr } = spawnSync(program, args, {
      input: JSON.stringify(object),
      encoding: 'utf8',
    });
    return status === 0
      ? { status: 200, body: JSON.parse(stdout) }
      : { status: 422, body: { message: stderr.trim() } };
  };
}

/** What has to be there before an object can be made or changed. */
async function prepare(api: KubernetesApi, { kind }: Manifest): Promise<void> {
  if (kind === 'PersistentVolumeClaim') {
    const make = OBJECTS['storage.k8s.io/StorageClass'];
    for (const name of ['gp3', 'gp2']) await api.apply({ ...make?.(), metadata: { name } });
  }
}

/** What the volume controller does: without it a claim is never bound, and cannot grow. */
async function bind(api: KubernetesApi, { metadata, spec }: Manifest): Promise<void> {
  const path = `/api/v1/namespaces/${metadata.namespace}/persistentvolumeclaims/${metadata.name}`;
  const status = { phase: 'Bound', capacity: spec.resources.requests, accessModes: spec.accessModes };
  await api.call('PATCH', path, { spec: { volumeName: 'x' } }, 'application/merge-patch+json');
  await api.call('PATCH', `${path}/status`, { status }, 'application/merge-patch+json');
}

/** Waits until a kind is known to the server, or is so no more: its controllers take a moment for both. */
async function untilEstablished(api: KubernetesApi, { metadata }: Manifest, wanted: boolean): Promise<void> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`;
  for (let tries = 0; tries < 100; tries++) {
    const { status, body } = await api.call('GET', path);
    const conditions: Manifest[] = body.status?.conditions ?? [];
    const established = conditions.some((one) => one.type === 'Established' && one.status === 'True');
    if (wanted ? established : status === 404) return;
    await sleep(100);
  }
  throw new Error(`${metadata.name} is ${wanted ? 'not established' : 'not gone'} after 10 s`);
}
