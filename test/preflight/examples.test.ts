import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Desired } from '../../lib/preflight/desired';
import { preflight } from '../../lib/preflight/preflight';
import { stackSettings } from '../../lib/settings';
import { parseValues } from '../../lib/values/read-values';
import { manifests } from '../support/render';
import { gke, k3s } from './distributions';
import { cluster, existing } from './existing';

const EXAMPLES = join(__dirname, '..', '..', 'docs', 'examples');

/** What preflight reports about an example on a cluster of its kind, except what fits. */
function problems(name: string, objects: ReturnType<typeof existing>) {
  const file = join(EXAMPLES, `${name}.yaml`);
  const settings = parseValues(file, readFileSync(file, 'utf8'), stackSettings);
  return preflight(new Desired(settings, manifests(settings)), cluster(objects))
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ verdict, id }) => `${verdict} ${id}`);
}

test('the EKS example fits EKS, except for the unknown addresses of its load balancer', () => {
  expect(problems('eks', existing())).toEqual(['unknown ingress-controller']);
});

test('the k3s example fits k3s, whose volumes cannot be expanded', () => {
  expect(problems('k3s', k3s())).toEqual(['warn storage-class']);
});

test('the GKE example fits GKE', () => {
  expect(problems('gke', gke())).toEqual([]);
});

test('the smallest values fit EKS and k3s, but not the API server of GKE', () => {
  expect(problems('minimal', existing())).toEqual([]);
  expect(problems('minimal', k3s())).toEqual(['warn storage-class']);
  expect(problems('minimal', gke())).toEqual(['fail api-server']);
});
