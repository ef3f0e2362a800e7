import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { imagesOf, publishedImages } from '../scripts/images';
import { CASE_NAMES, caseSettings, settings } from './support/render';

const MIRROR = 'registry.example.com/mirror';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-'));
  mkdirSync(join(folder, 'values'));
  for (const name of ['prod', 'staging'])
    writeFileSync(join(folder, 'values', `${name}.yaml`), 'cluster: {domain: example.com}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What `npm run images` prints in a repository with two clusters. */
function printed(...args: string[]) {
  const program = (name: string) => join(__dirname, '..', 'scripts', name);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program('run.cjs'), program('list-images.ts'), ...args],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe.each(CASE_NAMES)('the images of the case %s', (name) => {
  const ofCase = caseSettings(name);
  const published = publishedImages([ofCase]);

  test('come from the mirror under their usual names', () => {
    const mirrored = imagesOf({ ...ofCase, images: { ...ofCase.images, registry: MIRROR } });
    const names = published.map((image) => image.slice(image.indexOf('/')));

    const { loki, tempo, logs, tracing, kubernetesEvents } = ofCase;
    const installed = [
      loki.enabled,
      tempo.enabled,
      logs.agent !== 'none',
      tracing.sampling.type !== 'client',
      kubernetesEvents.enabled,
    ];
    // The agent and the collectors can have the same image.
    const most = installed.filter(Boolean).length;
    const same = Number(logs.agent === 'otel') + Number(kubernetesEvents.enabled);
    expect(mirrored.length).toBeLessThanOrEqual(most);
    expect(mirrored.length).toBeGreaterThanOrEqual(most - same);
    expect(mirrored).toEqual(names.map((one) => `${MIRROR}${one}`).sort());
  });

  test('are listed with their public registries', () => {
    for (const image of published)
      expect(image).toMatch(/^(?:docker\.io|quay\.io)\/[\w./-]+:[\w.-]+(?:@sha256:\w{64})?$/);
  });
});

test('several clusters list each image once, in order', () => {
  const [one, two] = [settings(), settings({ loki: { image: { tag: '3.7.5' } } })];

  expect(publishedImages([one, two, one]).filter((image) => image.includes('loki'))).toEqual([
    'docker.io/grafana/loki:3.7.5',
    'docker.io/grafana/loki:3.7.6',
  ]);
});

test('npm run images prints them, one per line', () => {
  const expected = {
    status: 0,
    stderr: '',
    stdout: `${publishedImages([settings()]).join('\n')}\n`,
  };

  expect(printed()).toEqual(expected);
  expect(printed('prod')).toEqual(expected);
});

test('npm run images lists the values files if the given one does not exist', () => {
  expect(printed('test')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'images: values/test.yaml does not exist; pass one of prod, staging, or none for all clusters\n',
  });
});
