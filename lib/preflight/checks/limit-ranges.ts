import { amount } from '../bill';
import { type Check, type Finding, fail, ok, warn } from '../check';
import type { LimitRange, Resources } from '../kinds';
import { show } from '../objects';
import type { Wanted } from '../wanted';

/** Every container and claim is within the limit ranges of its namespace, which add no CPU limit to it. */
export const limitRanges: Check = {
  id: 'limit-ranges',
  source: 'https://kubernetes.io/docs/concepts/policy/limit-range/',
  judge(wanted, cluster) {
    const ranges = cluster
      .all<LimitRange>('LimitRange')
      .filter(({ metadata }) => wanted.namespaces.includes(metadata.namespace ?? ''));
    const findings = ranges.flatMap((range) => judgeRange(range, wanted));
    return findings.length > 0 ? findings : [ok(`no limit range refuses or changes a container of ours`)];
  },
};

/** What a limit range measures, by its type. */
function subjects(type: string, { workloads, claims }: Wanted, namespace: string | undefined) {
  const here = <T extends { metadata: { namespace?: string } }>({ metadata }: T) =>
    metadata.namespace === namespace;
  if (type === 'PersistentVolumeClaim')
    return claims.filter(here).map((claim) => ({ name: show(claim), resources: claim.spec.resources }));
  if (type !== 'Container' && type !== 'Pod') return [];
  return workloads
    .filter(here)
    .flatMap(({ spec }) => spec.template.spec.containers)
    .map(({ name, resources = {} }) => ({ name: `container ${name}`, resources }));
}

function judgeRange(range: LimitRange, wanted: Wanted): Finding[] {
  return range.spec.limits.flatMap(({ type, min = {}, max = {}, default: defaults = {} }) =>
    subjects(type, wanted, range.metadata.namespace).flatMap(({ name, resources }): Finding[] => [
      ...Object.entries(min)
        .filter(([key, least]) => amount(asked(resources, key)) < amount(least))
        .map(([key, least]) =>
          fail(
            `${show(range)} wants ${key} of at least ${least} for a ${type}; ${name} asks for ${asked(resources, key) ?? 'none'}`,
            `raise ${key} in the values, or lower the minimum`,
          ),
        ),
      ...Object.entries(max)
        .filter(([key, most]) => amount(limit(resources, key) ?? defaults[key]) > amount(most))
        .map(([key, most]) =>
          fail(
            `${show(range)} allows ${key} of at most ${most} for a ${type}; ${name} has ${limit(resources, key)}`,
            `lower ${key} in the values, or raise the maximum`,
          ),
        ),
      ...(defaults['cpu'] !== undefined && resources.limits?.['cpu'] === undefined
        ? [
            warn(
              `${show(range)} gives ${name} a CPU limit of ${defaults['cpu']}, at which it is throttled`,
              'take default.cpu out of the limit range, or raise it to several cores',
            ),
          ]
        : []),
    ]),
  );
}

const asked = ({ requests }: Resources, key: string) => requests?.[key];
/** A claim has no limit; its request is what is measured. */
const limit = ({ limits, requests }: Resources, key: string) =>
  limits?.[key] ?? (key === 'storage' ? requests?.[key] : undefined);
