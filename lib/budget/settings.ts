import * as z from 'zod';
import { bytes, count, cpu } from '../values/fields';

/** Maximum total of the pod requests and volumes that the stack adds to the cluster. */
export const budgetSettings = z
  .strictObject({
    cpu: cpu().prefault('2').describe('Maximum CPU request of all pods.'),
    memory: bytes({ atLeast: '1Mi', example: '4Gi' })
      .prefault('4Gi')
      .describe('Maximum memory request of all pods.'),
    storage: bytes({ atLeast: '1Mi', example: '50Gi' })
      .prefault('50Gi')
      .describe('Maximum size of all volumes.'),
    pods: count({ atLeast: 1, atMost: 100_000 })
      .default(10)
      .describe('Maximum number of pods, including one log agent on each of cluster.nodes.'),
  })
  .prefault({})
  .describe('Maximum resource requests of the stack. Synth fails above it.');
export type BudgetSettings = z.output<typeof budgetSettings>;
