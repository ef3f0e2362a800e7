import { z } from 'zod';
import { bytes, count, cpu } from '../values/fields';

/** The most that the stack may add to the cluster: what all pods request, and all volumes. */
export const budgetSettings = z
  .strictObject({
    cpu: cpu().prefault('2').describe('CPU that all pods together may request.'),
    memory: bytes({ atLeast: '1Mi', example: '4Gi' })
      .prefault('4Gi')
      .describe('Memory that all pods together may request.'),
    storage: bytes({ atLeast: '1Mi', example: '50Gi' })
      .prefault('50Gi')
      .describe('Size that all volumes together may have.'),
    pods: count({ atLeast: 1, atMost: 100_000 })
      .default(10)
      .describe('Pods, one on each of cluster.nodes for the agent among them.'),
  })
  .prefault({})
  .describe('The most that the stack may request; a synth that exceeds it fails.');
export type BudgetSettings = z.output<typeof budgetSettings>;
