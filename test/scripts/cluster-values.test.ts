import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { clusterValues } from '../../scripts/cluster-values';

const BEFORE = process.cwd();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusters-'));
  mkdirSync(join(folder, 'values', 'eu'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, 'values', name), text);
  write('_base.yaml', 'cluster: {nodes: 5}\n');
  write('eu/prod.yaml', 'extends: ../_base.yaml\ncluster: {domain: prod.example.com}\n');
  write('staging.yaml', 'cluster: {domain: staging.example.com}\n');
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(BEFORE);
  rmSync(folder, { recursive: true });
});

test('a cluster is read by the path of its values file', () => {
  expect(clusterValues('eu/prod').settings.cluster).toMatchObject({ domain: 'prod.example.com', nodes: 5 });
});

test.each(['default', 'prod', '_base.yml'])(
  '%s, which does not exist, is answered with the clusters',
  (name) => {
    expect(() => clusterValues(name)).toThrow(
      `values/${name}.yaml does not exist; the clusters are: eu/prod, staging`,
    );
  },
);
