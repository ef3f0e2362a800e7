import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { Manifest } from '../../support/render';
import { type Ended, runCommand } from '../command';
import { Controllers } from '../controllers';
import { createExisting, writeKubeconfig } from '../existing-cluster';
import type { KubernetesApi } from '../kubernetes-api';
import { claimAndVolume, installed, RELEASE_LABEL, RELEASES, type Release } from '../releases';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

const GUIDE = 'docs/move-in.md';
const CLAIMS = '/api/v1/namespaces/monitoring/persistentvolumeclaims';
const DEPLOY = ['--skip-smoke', '--timeout', '30s'];

/** Each release that people come from is refused, goes by the steps of the guide, and leaves its data. */
export const moveInScenario: Scenario = {
  name: 'move-in',
  title: 'Move in: releases of the charts make way by the steps of the guide, and their volumes stay',
  needs: ['etcd', 'apiServer', 'kubectl'],
  async run({ folder, report }: Run) {
    const api = await startApi(folder, []);
    const controllers = new Controllers(api, 'monitoring');
    try {
      await createExisting(api);
      const env = { KUBECONFIG: writeKubeconfig(api, folder, 'admin'), PATH: helmStandIn(folder) };
      for (const release of RELEASES) await moveIn(api, release, env, report);
      const [, , chart] = RELEASES;
      if (chart) await keepVolume(api, chart, env, report);
    } finally {
      controllers.stop();
      api.stop();
    }
  },
};

type Env = Record<string, string>;
type Report = Run['report'];

/** The two calls of Helm that the guide has, on objects that carry the label of their release. Returns PATH. */
function helmStandIn(folder: string): string {
  const bin = mkdtempSync(`${folder}/helm-`);
  const kinds =
    'statefulsets,daemonsets,services,configmaps,secrets,serviceaccounts,clusterroles,clusterrolebindings';
  const select = `${kinds} -n monitoring -l ${RELEASE_LABEL}="$release"`;
  const script = [
    '#!/bin/bash',
    'set -eu; release="${!#}"',
    `case "$1" in uninstall) kubectl delete ${select} ;; get) kubectl get ${select} -o yaml ;; esac`,
  ].join('\n');
  writeFileSync(`${bin}/helm`, script, { mode: 0o755 });
  return `${bin}:${process.env['STACK_BIN'] ?? ''}:${process.env['PATH']}`;
}

/** The commands of a step of the guide, for a release. */
function step(number: number, release: Release): string {
  const section =
    readFileSync(GUIDE, 'utf8')
      .split(/^## /m)
      .find((one) => one.startsWith(`${number}. `)) ?? '';
  const [, commands = ''] = /^```sh\n([\s\S]*?)^```/m.exec(section) ?? [];
  const { name } = release;
  // The guide is written for the release loki; of a release without a claim there is nothing to see to.
  return commands.replaceAll('storage-loki-0', `storage-${name}-0`).replace(/(?<=monitoring )loki\b/g, name);
}

async function run(commands: string, env: Env): Promise<Ended> {
  const ended = await runCommand('bash', ['-euc', commands], { env });
  if (ended.status !== 0) throw new Error(`${commands}\n${ended.stderr}`);
  return ended;
}

async function install(api: KubernetesApi, release: Release): Promise<void> {
  for (const object of [...release.claims.flatMap(claimAndVolume), ...installed(release)]) {
    const { status, body } = await api.apply(object);
    if (status >= 300) throw new Error(`${object.kind}/${object.metadata.name}: ${body.message}`);
  }
}

const claimNames = async (api: KubernetesApi) =>
  ((await api.call('GET', CLAIMS)).body.items as Manifest[]).map(({ metadata }) => metadata.name);

async function moveIn(api: KubernetesApi, release: Release, env: Env, report: Report): Promise<void> {
  await install(api, release);
  const { chart, claims } = release;
  const preflight = ['scripts/run.cjs', 'scripts/preflight.ts', '--json'];
  const told = JSON.parse((await runCommand(process.execPath, preflight, { env })).stdout);
  const failing = told.checks
    .filter(({ verdict }: Manifest) => verdict === 'fail')
    .map(({ id }: Manifest) => id);
  const expected = ['name-clashes', ...(chart.startsWith('loki-stack') ? ['grafana-datasources'] : [])];
  report.equal(`${chart}: what preflight refuses`, [...new Set(failing)], expected);
  const refused = await runCommand('scripts/deploy.sh', ['--skip-preflight', ...DEPLOY], { env });
  const why = refused.stderr.trim().split('\n').at(-1) ?? '';
  report.figure(
    `${chart}: deploy without preflight`,
    why,
    refused.status === 1 && why.startsWith('deploy.sh: nothing was changed'),
  );

  if (claims.length > 0) await run(step(2, release), env);
  await run(claims.length > 0 ? step(3, release) : `helm uninstall -n monitoring ${release.name}`, env);
  const deployed = await runCommand('scripts/deploy.sh', DEPLOY, { env });
  report.equal(`${chart}: deploy after the steps`, deployed.status, 0);
  report.equal(`${chart}: claims`, await claimNames(api), ['loki', ...claims, 'tempo'].sort());
  await run('scripts/cleanup.sh --delete-data --yes', env);
  for (const claim of claims) {
    const { body } = await api.call('GET', `/api/v1/persistentvolumes/pvc-${claim}`);
    report.equal(`${chart}: its volume is`, body.spec.persistentVolumeReclaimPolicy, 'Retain');
    for (const object of claimAndVolume(claim)) await api.remove(object);
  }
}

/** The volume of the old StatefulSet becomes that of ours. */
async function keepVolume(api: KubernetesApi, release: Release, env: Env, report: Report): Promise<void> {
  await install(api, release);
  for (const number of [2, 3, 4]) await run(step(number, release), env);
  const deployed = await runCommand('scripts/deploy.sh', DEPLOY, { env });
  report.equal('volume kept: deploy', deployed.status, 0);
  report.equal('volume kept: claims', await claimNames(api), ['loki', 'tempo']);
  const { body: claim } = await api.call('GET', `${CLAIMS}/loki`);
  report.equal('volume kept: volume of our claim', claim.spec.volumeName, 'pvc-storage-loki-0');
  report.equal(
    'volume kept: deploy again',
    (await runCommand('scripts/deploy.sh', DEPLOY, { env })).status,
    0,
  );
}
