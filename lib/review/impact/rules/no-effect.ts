import { matches } from '../../diff/path';
import { at, type Json, listAt } from '../../manifests/json';
import { typeOf } from '../../manifests/manifest';
import type { Leaf } from '../leaf';
import { quantity } from '../units';
import { DEFAULTS } from './defaults';
import { kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

const comesOrGoes = ({ old, new: next }: Leaf) => (old === undefined) !== (next === undefined);

const equals = (a: Json | undefined, b: Json) =>
  a === b || (typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b));

/** Rules about what changes in a manifest and not in the cluster. */
export const NO_EFFECT_RULES: readonly Rule[] = [
  {
    id: 'default',
    types: '*',
    paths: ['**'],
    when: (leaf, { new: object }) => comesOrGoes(leaf) && isDefault(leaf, typeOf(object)),
    effect: 'none',
    says: 'the manifest says, or no longer says, what is the default',
    reason: 'The API server fills in the same value where a manifest says nothing.',
    source: kubernetesSource('apis/core/v1/defaults.go'),
  },
  {
    id: 'same-quantity',
    types: '*',
    paths: ['**'],
    when: ({ keys, old, new: next }) =>
      keys.some((key) => /^(?:requests|limits|capacity|hard|sizeLimit)$/.test(key)) &&
      quantity(scalar(old)) !== undefined &&
      quantity(scalar(old)) === quantity(scalar(next)),
    effect: 'none',
    says: 'the same quantity, written in another way',
    reason: 'The API server keeps quantities in one form: 1000m is 1, 1024Mi is 1Gi.',
    source: kubernetesDocs('reference/kubernetes-api/common-definitions/quantity/'),
  },
  {
    id: 'null',
    types: '*',
    paths: ['**'],
    when: (leaf) => comesOrGoes(leaf) && leaf.keys.at(-1) !== '*' && (leaf.old ?? leaf.new ?? null) === null,
    effect: 'none',
    says: 'a field without a value is a field that is not there',
    reason: 'The API server drops fields that are null.',
    source: kubernetesDocs('reference/using-api/server-side-apply/'),
  },
  {
    id: 'server-fields',
    types: '*',
    paths: ['status.**', 'metadata.creationTimestamp', 'metadata.generation', 'metadata.selfLink'],
    effect: 'none',
    says: 'the API server sets this itself',
    reason:
      'status and the times and counters of metadata are written by the server, whatever a manifest says.',
    source: kubernetesDocs('concepts/overview/working-with-objects/#object-spec-and-status'),
  },
  {
    id: 'target-port-default',
    types: ['Service'],
    paths: ['spec.ports.*.targetPort'],
    when: (leaf, versions) => comesOrGoes(leaf) && isItsPort(leaf.old ?? leaf.new ?? null, versions),
    effect: 'none',
    says: 'the manifest says, or no longer says, what is the default',
    reason: 'targetPort of a Service is its port where the manifest says nothing.',
    source: kubernetesDocs('concepts/services-networking/service/#field-spec-ports'),
  },
];

function isDefault({ keys, old, new: next }: Leaf, type: string): boolean {
  return DEFAULTS.some(
    ({ types, paths, value }) =>
      types.includes(type) && paths.some((path) => matches(path, keys)) && equals(old ?? next, value),
  );
}

function scalar(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isItsPort(value: Json, { old, new: next }: Versions): boolean {
  const ports = [old, next].flatMap(({ content }) => listAt(content, 'spec', 'ports'));
  return ports.filter((port) => at(port, 'targetPort') === value).every((port) => at(port, 'port') === value);
}
