import { z } from 'zod';
import { choice, count, labelKey, labelValue, namespaceName } from '../values/fields';
import { rule } from '../values/rule';

// The shapes are those of Kubernetes, so that what works in a manifest can be written here as it is. Checked is what
// the API server would refuse, as an apply is late to learn of it.

const values = () =>
  z.array(labelValue('value'), { error: 'must be a list of values, in quotes' }).optional();

function valuesFitOperator(requirement: { operator: string; values?: readonly string[] | undefined }) {
  const { operator, values = [] } = requirement;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? undefined : `must hold a value with operator ${operator}`;
    case 'Gt':
    case 'Lt':
      return values.length === 1 && /^\d+$/.test(values[0] ?? '')
        ? undefined
        : `must hold one whole number with operator ${operator}`;
    default:
      return values.length === 0 ? undefined : `must not be there with operator ${operator}`;
  }
}

const requirements = <const Operators extends readonly [string, ...string[]]>(operators: Operators) =>
  z.array(
    z
      .strictObject({
        key: labelKey('topology.kubernetes.io/zone'),
        operator: choice(operators),
        values: values(),
      })
      .check(rule(['values', 'operator'], valuesFitOperator)),
    { error: 'must be a list of requirements' },
  );

const nodeSelectorTerm = z.strictObject({
  matchExpressions: requirements(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
});

const labelSelector = z.strictObject({
  matchLabels: z.record(labelKey('app'), labelValue('shop')).optional(),
  matchExpressions: requirements(['In', 'NotIn', 'Exists', 'DoesNotExist']).optional(),
});

const podAffinityTerm = z.strictObject({
  topologyKey: labelKey('kubernetes.io/hostname'),
  labelSelector: labelSelector.optional(),
  namespaceSelector: labelSelector.optional(),
  namespaces: z.array(namespaceName(), { error: 'must be a list of namespaces' }).optional(),
});

const weight = () => count({ atLeast: 1, atMost: 100 });

const podAffinity = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: z
    .array(podAffinityTerm, { error: 'must be a list of terms' })
    .optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(z.strictObject({ weight: weight(), podAffinityTerm }), { error: 'must be a list of terms' })
    .optional(),
});

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#affinity-and-anti-affinity */
export const affinitySettings = z
  .strictObject({
    nodeAffinity: z
      .strictObject({
        requiredDuringSchedulingIgnoredDuringExecution: z
          .strictObject({
            nodeSelectorTerms: z.array(nodeSelectorTerm).min(1, { error: 'must hold at least one term' }),
          })
          .optional(),
        preferredDuringSchedulingIgnoredDuringExecution: z
          .array(z.strictObject({ weight: weight(), preference: nodeSelectorTerm }), {
            error: 'must be a list of terms',
          })
          .optional(),
      })
      .optional(),
    podAffinity: podAffinity.optional(),
    podAntiAffinity: podAffinity.optional(),
  })
  // By its id, values/schema.json holds it once for all workloads.
  .meta({ id: 'Affinity' });
