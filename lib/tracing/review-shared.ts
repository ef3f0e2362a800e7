import { at, type Json } from '../kubernetes/json';
import type { ConfigRule, ConfigVersions } from '../review/component-review';
import { key } from '../review/config-rules';
import { matches } from '../review/diff/path';
import { lower, size } from '../review/rule';

const sampler = (config: Json) => at(config, 'processors', 'tail_sampling');

/** The number of collectors that share all data. Of several that sample, one may restart. */
function sharers(config: Json, replicas: number): number {
  return sampler(config) === undefined ? replicas : Math.max(1, replicas - 1);
}

/** The share of a derived limit that rounding may have added: each is a multiple of the spans per second of a collector. */
function rounding({ old }: ConfigVersions): number {
  return 1 / (size(at(sampler(old), 'expected_new_traces_per_sec')) || Number.POSITIVE_INFINITY);
}

/**
 * A rule about limits of each collector for data that they share. If more collectors hold at least as much as before, a lower
 * limit loses nothing.
 *
 * @param derived Keys whose values follow from the spans per second of one collector, which are rounded up.
 * @param others Other keys.
 */
export function sharedLimits(derived: readonly string[], others: readonly string[]): ConfigRule {
  return key('capacity', 'collector-shared', [...derived, ...others], {
    when: (leaf, versions) => {
      const { old, new: next, replicas } = versions;
      if (!replicas || replicas.new <= replicas.old || !lower(leaf)) return false;
      const tolerance = derived.some((path) => matches(path, leaf.keys)) ? rounding(versions) : 0;
      const before = sharers(old, replicas.old) * size(leaf.old) * (1 - tolerance);
      return sharers(next, replicas.new) * size(leaf.new) >= before;
    },
  });
}
