import * as z from 'zod';
import { choice, count, labelKey, labelValue, namespaceName } from '../values/fields';
import { rule } from '../values/rule';

// These schemas match Kubernetes, so that a working affinity can be copied from a manifest. They check what the API
// server would reject, because an apply would report it too late.

const values = () =>
  z.array(labelValue('value'), { error: 'must be a list of values, in quotes' }).optional();

function valuesFitOperator(requirement: { operator: string; values?: readonly string[] | undefined }) {
  const { operator, values = [] } = requirement;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? undefined : `must contain a value with operator ${operator}`;
    case 'Gt':
    case 'Lt':
      return values.length === 1 && /^\d+$/.test(values[0] ?? '')
        ? undefined
        : `must contain exactly one whole number with operator ${operator}`;
    default:
      return values.length === 0 ? undefined : `must be omitted with operator ${operator}`;
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
            nodeSelectorTerms: z.array(nodeSelectorTerm).min(1, { error: 'must contain at least one term' }),
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
  // With an id, values/schema.json contains it only once, for all workloads.
  .meta({ id: 'Affinity' });
