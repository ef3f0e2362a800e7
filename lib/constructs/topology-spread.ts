import * as z from 'zod';
import { choice, count, labelKey } from '../values/fields';

/** Without a selector, because it is always the selector of the workload. */
export const topologySpreadSettings = z
  .strictObject({
    maxSkew: count({ atLeast: 1, atMost: 100 }),
    topologyKey: labelKey('topology.kubernetes.io/zone'),
    whenUnsatisfiable: choice(['DoNotSchedule', 'ScheduleAnyway']),
  })
  .meta({
    patternErrorMessage:
      'must be a Kubernetes TopologySpreadConstraint (maxSkew, topologyKey, whenUnsatisfiable)',
  });
