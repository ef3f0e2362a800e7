import * as z from 'zod';
import { choice, count, labelKey, labelValue } from '../values/fields';
import { rule } from '../values/rule';

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export const tolerationSettings = z
  .strictObject({
    key: labelKey('dedicated').optional(),
    operator: choice(['Equal', 'Exists']).default('Equal'),
    value: labelValue('monitoring').optional(),
    effect: choice(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
    tolerationSeconds: count({ atLeast: 0, atMost: 31_536_000 }).optional(),
  })
  .check(
    rule(['operator', 'key'], ({ operator, key }) =>
      operator === 'Equal' && key === undefined ? 'must be Exists without a key' : undefined,
    ),
    rule(['value', 'operator'], ({ operator, value }) =>
      operator === 'Exists' && value !== undefined ? 'must be omitted with operator Exists' : undefined,
    ),
    rule(['tolerationSeconds', 'effect'], ({ tolerationSeconds, effect }) =>
      tolerationSeconds !== undefined && effect !== 'NoExecute'
        ? 'must be omitted with an effect other than NoExecute'
        : undefined,
    ),
  )
  .meta({ patternErrorMessage: 'must be a Kubernetes Toleration' });
