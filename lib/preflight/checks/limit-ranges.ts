import { nameOf } from '../../kubernetes/object';
import { quantityValue } from '../../kubernetes/quantity';
import { type Check, type Finding, fail, ok, warn } from '../check';
import type { Desired } from '../desired';
import type { ObjectOf } from '../kinds';
import { podSpec } from '../pods';

/** Every container and claim complies with the limit ranges of its namespace, which add no CPU limit. */
export const limitRanges: Check = {
  id: 'limit-ranges',
  source: 'https://kubernetes.io/docs/concepts/policy/limit-range/',
  command: 'get limitranges --all-namespaces',
  *assess(desired, cluster) {
    const { namespaces } = desired;
    const ranges = cluster
      .all('LimitRange')
      .filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ''));
    for (const range of ranges) yield* judgeRange(range, desired);
    return ok(
      [...cluster.namespaces(namespaces), ...ranges],
      'no limit range refuses or changes a container of this stack',
    );
  },
};

type Amounts = Readonly<Record<string, unknown>>;

/** What a limit range measures, by type. A claim has no limit, so its request is measured. */
function subjects(type: string, desired: Desired, namespace: string | undefined) {
  const here = ({ metadata }: { metadata: { namespace?: string } }) => metadata.namespace === namespace;
  const containers = desired.workloads.filter(here).flatMap((workload) => podSpec(workload).containers);
  const measured = (name: string, requests: Amounts = {}, limits: Amounts = {}) => ({
    name,
    requests,
    limits,
  });
  if (type === 'PersistentVolumeClaim')
    return desired
      .kind('PersistentVolumeClaim')
      .filter(here)
      .map((claim) =>
        measured(nameOf(claim), claim.spec?.resources?.requests, claim.spec?.resources?.requests),
      );
  return ['Container', 'Pod'].includes(type)
    ? containers.map(({ name, resources }) =>
        measured(`container ${name}`, resources?.requests, resources?.limits),
      )
    : [];
}

function* judgeRange(range: ObjectOf<'LimitRange'>, desired: Desired): Generator<Finding> {
  for (const { type, min = {}, max = {}, default: defaults = {} } of range.spec?.limits ?? [])
    for (const { name, requests, limits } of subjects(type, desired, range.metadata.namespace)) {
      for (const [key, least] of Object.entries(min))
        if (quantityValue(requests[key]) < quantityValue(least))
          yield fail(
            [range],
            `${nameOf(range)} requires ${key} of at least ${least} for a ${type}; ${name} requests ${requests[key] ?? 'none'}`,
            `raise ${key} in the values, or lower the minimum`,
          );
      for (const [key, most] of Object.entries(max))
        if (quantityValue(limits[key] ?? defaults[key]) > quantityValue(most))
          yield fail(
            [range],
            `${nameOf(range)} allows ${key} of at most ${most} for a ${type}; ${name} has ${limits[key] ?? defaults[key]}`,
            `lower ${key} in the values, or raise the maximum`,
          );
      if (defaults['cpu'] !== undefined && type === 'Container' && limits['cpu'] === undefined)
        yield warn(
          [range],
          `${nameOf(range)} gives ${name} a CPU limit of ${defaults['cpu']}, which throttles it`,
          'remove default.cpu from the limit range, or raise it to several cores',
        );
    }
}
