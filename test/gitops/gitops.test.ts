import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { application, applicationSet, argoCdFiles } from '../../lib/gitops/argo-cd';
import { gitOpsFiles, writeGitOpsFiles } from '../../lib/gitops/files';
import { fluxFiles, fluxObjects, ignoredBut } from '../../lib/gitops/flux';
import { gitOpsSettings } from '../../lib/gitops/settings';
import { parseValues } from '../../lib/values/read-values';
import { CASE_NAMES, caseManifests, caseSettings, type Manifest } from '../support/render';

const URL = 'https://git.bluesunnywings.com/platform/logs-and-traces.git';
const settings = (values: object = {}) =>
  parseValues('gitops/values.yaml', JSON.stringify({ repository: { url: URL }, ...values }), gitOpsSettings);

const CLUSTERS = ['default', 'eu/prod', 'staging'];

describe('Argo CD', () => {
  test('applies dist/ server-side without the folders of other clusters', () => {
    const { spec } = application(settings());

    expect(spec.source).toEqual({
      repoURL: URL,
      targetRevision: 'main',
      path: 'dist',
      directory: { recurse: false },
    });
    expect(spec.syncPolicy.syncOptions).toContain('ServerSideApply=true');
  });

  test('deletes nothing with an Application or ApplicationSet', () => {
    expect(application(settings()).metadata).not.toHaveProperty('finalizers');
    expect(applicationSet(settings(), CLUSTERS).spec.syncPolicy).toEqual({
      preserveResourcesOnDeletion: true,
    });
    expect(applicationSet(settings(), CLUSTERS).spec.template.metadata).not.toHaveProperty('finalizers');
  });

  test('deploys every folder of dist/ to the cluster with its name', () => {
    const { generators, template } = applicationSet(settings(), CLUSTERS).spec;

    expect(generators).toEqual([
      {
        list: {
          elements: [
            {
              cluster: 'eu-prod',
              path: 'dist/eu/prod',
              revision: 'main',
              wave: '1',
              destinationName: 'eu-prod',
              destinationServer: '',
            },
            expect.objectContaining({ cluster: 'staging', path: 'dist/staging' }),
          ],
        },
      },
    ]);
    expect(template.spec.source.path).toBe('{{ .path }}');
    expect(template.spec.destination).toEqual({
      name: '{{ .destinationName }}',
      server: '{{ .destinationServer }}',
    });
    expect(applicationSet(settings(), CLUSTERS).spec).not.toHaveProperty('strategy');
    expect(template.spec.syncPolicy).toEqual(application(settings()).spec.syncPolicy);
  });

  test('has an Application if there is a default cluster', () => {
    expect(Object.keys(argoCdFiles(settings(), ['default', 'staging']))).toContain('application.yaml');
    expect(Object.keys(argoCdFiles(settings(), ['staging']))).toEqual(['application-set.yaml']);
  });

  test.each(CASE_NAMES)('waits in case %s for the stores before anything that uses them', (name) => {
    const objects = caseManifests(name);
    const waveOf = ({ metadata }: Manifest) =>
      Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
    const stores = objects.filter(
      ({ kind, metadata }) =>
        ['StatefulSet', 'Deployment'].includes(kind) && /^(loki|tempo)$/.test(metadata.name),
    );
    const users = objects.filter(
      ({ kind, metadata }) =>
        ['Secret', 'Ingress', 'DaemonSet'].includes(kind) || metadata.name === 'otel-collector',
    );

    const { loki, tempo } = caseSettings(name);
    expect(stores).toHaveLength([loki, tempo].filter(({ enabled }) => enabled).length);
    expect(stores.filter((object) => waveOf(object) !== 0)).toEqual([]);
    expect(users.filter((object) => waveOf(object) !== 1)).toEqual([]);
  });

  test.each(CASE_NAMES)(
    'has each claim of case %s in the wave of its pod, as it is Pending until then',
    (name) => {
      const objects = caseManifests(name);
      const wave = ({ metadata }: Manifest) => metadata.annotations?.['argocd.argoproj.io/sync-wave'];
      const mounted = objects.flatMap((workload) =>
        (workload.spec?.template?.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }: Manifest) =>
          persistentVolumeClaim ? [[persistentVolumeClaim.claimName, wave(workload)]] : [],
        ),
      );
      const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');

      expect(claims.map((claim) => [claim.metadata.name, wave(claim)])).toEqual(mounted);
    },
  );
});

describe('Flux', () => {
  test('prunes everything except volumes and deletes nothing with its own objects', () => {
    const [, kustomization] = fluxObjects(settings(), 'default');
    const claims = caseManifests('default').filter(({ kind }) => kind === 'PersistentVolumeClaim');

    expect(kustomization.spec).toMatchObject({ path: './dist', prune: true, deletionPolicy: 'Orphan' });
    expect(claims).toHaveLength(2);
    for (const { metadata } of claims)
      expect(metadata.annotations).toMatchObject({
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      });
  });

  test.each([
    ['default', ['dist/loki.k8s.yaml']],
    ['staging', ['dist/staging/loki.k8s.yaml']],
    ['eu', ['dist/eu/loki.k8s.yaml']],
    ['eu/prod', ['dist/eu/prod/loki.k8s.yaml']],
  ])('includes only the files of the cluster %s', (name, seen) => {
    const files = [
      'README.md',
      'lib/stack.ts',
      'dist/loki.k8s.yaml',
      'dist/staging/loki.k8s.yaml',
      'dist/other/loki.k8s.yaml',
      'dist/eu/loki.k8s.yaml',
      'dist/eu/prod/loki.k8s.yaml',
      'dist/eu/west/loki.k8s.yaml',
      'dist/prod/loki.k8s.yaml',
    ];
    const repository = mkdtempSync(join(tmpdir(), 'ignore-'));
    try {
      for (const file of files) {
        mkdirSync(join(repository, dirname(file)), { recursive: true });
        writeFileSync(join(repository, file), '');
      }
      writeFileSync(join(repository, 'rules'), ignoredBut(name));
      const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
      git('init', '--quiet');
      const left = git('ls-files', '--others', `--exclude-from=${join(repository, 'rules')}`);

      expect(left.trim().split('\n')).toEqual(seen);
    } finally {
      rmSync(repository, { recursive: true });
    }
  });

  test('refers to the Secret of a private repository', () => {
    const [repository] = fluxObjects(settings({ flux: { secretName: 'git-login' } }), 'default');

    expect(repository.spec.secretRef).toEqual({ name: 'git-login' });
    expect(Object.keys(fluxFiles(settings(), ['default', 'staging']))).toEqual([
      'default.yaml',
      'staging.yaml',
    ]);
  });
});

test('rejects a password in the URL of the repository', () => {
  for (const url of [
    'https://user:secret@git.bluesunnywings.com/x.git',
    'http://git.bluesunnywings.com/x.git',
    'ssh://git:x@git.bluesunnywings.com/x.git',
  ])
    expect(() => settings({ repository: { url } })).toThrow(
      'must be the address of a repository, without a password',
    );
  expect(
    settings({ repository: { url: 'ssh://git@git.bluesunnywings.com/x.git' } }).repository.revision,
  ).toBe('main');
});

describe('the files of gitops/', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gitops-'));
    writeFileSync(join(folder, 'values.yaml'), `repository: {url: ${URL}}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const written = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

  test('belong to existing clusters only', () => {
    for (const clusters of [
      ['default', 'old'],
      ['staging', 'eu/prod'],
    ])
      writeGitOpsFiles(folder, gitOpsFiles(folder, clusters) ?? { 'argo-cd': {}, flux: {} });

    expect(written().sort()).toEqual([
      'argo-cd/application-set.yaml',
      'flux/eu/prod.yaml',
      'flux/staging.yaml',
      'values.yaml',
    ]);
  });

  test('are not written for a repository that is still the placeholder, nor for a cluster that does not exist', () => {
    for (const url of [
      'https://git.example.com/x.git',
      'ssh://git@example.org/x.git',
      'https://git.example/x.git',
    ]) {
      writeFileSync(join(folder, 'values.yaml'), `repository: {url: ${url}}\n`);
      expect(gitOpsFiles(folder, ['default'])).toBeUndefined();
    }
    writeFileSync(join(folder, 'values.yaml'), `repository: {url: ${URL}}\nclusters: {eu/prdo: {wave: 2}}\n`);
    expect(() => gitOpsFiles(folder, ['default', 'eu/prod'])).toThrow(
      'values.yaml:2:12: clusters.eu/prdo has no values file; there are default, eu/prod',
    );
  });

  test('are not written without gitops/values.yaml', () => {
    rmSync(join(folder, 'values.yaml'));

    expect(gitOpsFiles(folder, ['default'])).toBeUndefined();
  });
});
