import { at, type Json, listAt } from '../../kubernetes/json';
import { typeOf } from '../../kubernetes/object';
import { Quantity } from '../../kubernetes/quantity';
import { matches } from '../diff/path';
import { comesOrGoes, type ObjectRule, rule } from '../rule';
import { DEFAULTS } from './defaults';

const PARTS_OF_QUANTITIES = /^(?:requests|limits|capacity|hard|sizeLimit)$/;
const SERVER_FIELDS = [
  'status.**',
  ...['creationTimestamp', 'generation', 'selfLink'].map((key) => `metadata.${key}`),
];

const quantity = (value: Json | undefined) =>
  typeof value === 'string' || typeof value === 'number' ? Quantity.parse(String(value))?.value : undefined;
const hasClusterIp = (object: unknown) => at(object, 'spec', 'type') !== 'ExternalName';
const isNone = (value: unknown) => value === undefined || value === '' || value === null;

/** Rules about changes in a manifest without an effect in the cluster. */
export const NO_EFFECT_RULES: readonly ObjectRule[] = [
  rule('none', 'default', '*', ['**'], {
    when: (leaf, { new: object }) =>
      comesOrGoes(leaf) &&
      DEFAULTS.some(
        ({ types, paths, value }) =>
          types.includes(typeOf(object)) &&
          paths.some((path) => matches(path, leaf.keys)) &&
          JSON.stringify(leaf.old ?? leaf.new) === JSON.stringify(value),
      ),
  }),
  rule('none', 'same-quantity', '*', ['**'], {
    when: ({ keys, old, new: next }) =>
      keys.some((key) => PARTS_OF_QUANTITIES.test(key)) &&
      quantity(old) !== undefined &&
      quantity(old) === quantity(next),
  }),
  rule('none', 'null', '*', ['**'], {
    when: (leaf) => comesOrGoes(leaf) && leaf.keys.at(-1) !== '*' && (leaf.old ?? leaf.new ?? null) === null,
  }),
  rule('none', 'server-fields', '*', SERVER_FIELDS),
  rule('none', 'target-port-default', ['Service'], ['spec.ports.*.targetPort'], {
    when: (leaf, { old, new: next }) => {
      const value = leaf.old ?? leaf.new;
      const ports = [old, next].flatMap((object) => listAt(object, 'spec', 'ports'));
      const its = ports.filter((port) => at(port, 'targetPort') === value);
      return comesOrGoes(leaf) && its.every((port) => at(port, 'port') === value);
    },
  }),
  rule('none', 'service-keeps-cluster-ip', ['Service'], ['spec.clusterIP', 'spec.clusterIPs.**'], {
    when: (leaf, { old, new: next }) => hasClusterIp(old) && hasClusterIp(next) && isNone(leaf.new),
  }),
];
