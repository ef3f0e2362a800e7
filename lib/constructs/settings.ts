import * as z from 'zod';
import { bytes, choice, cpu } from '../values/fields';
import { rule } from '../values/rule';

/** Resource requests and limits of a container. */
export function resourcesSettings(defaults: {
  cpu: string;
  memory: string;
  memoryLimit: string;
  limitAtLeast: string;
}) {
  return z
    .strictObject({
      cpu: cpu()
        .prefault(defaults.cpu)
        .describe('CPU request. There is no CPU limit, because throttling delays logs and traces.'),
      memory: bytes({ atLeast: '32Mi', example: '512Mi' })
        .prefault(defaults.memory)
        .describe('Memory request.'),
      memoryLimit: bytes({ atLeast: defaults.limitAtLeast, example: '2Gi' })
        .prefault(defaults.memoryLimit)
        .describe('Memory limit. Sizes caches and the Go heap.'),
    })
    .check(
      rule(['memory', 'memoryLimit'], ({ memory, memoryLimit }) =>
        memory.value > memoryLimit.value ? `must be at most memoryLimit (${memoryLimit})` : undefined,
      ),
      rule(['memory', 'memoryLimit'], ({ memory, memoryLimit }) =>
        4 * memory.value < memoryLimit.value
          ? `must be at least a quarter of memoryLimit (${memoryLimit}): the scheduler reserves only the request, and the node runs out of memory before the limit`
          : undefined,
      ),
    )
    .prefault({})
    .describe('Resource requests and limits.');
}
export type ResourcesSettings = z.output<ReturnType<typeof resourcesSettings>>;

/** The volume of a component. */
export function storageSettings(defaults: { size: string; atLeast: string }) {
  return z
    .strictObject({
      size: bytes({ atLeast: defaults.atLeast, example: defaults.size })
        .prefault(defaults.size)
        .describe(
          'Size of the volume. It can be expanded later if the StorageClass allows it, but never reduced.',
        ),
    })
    .prefault({})
    .describe('Volume.');
}

/** The log level of a daemon. */
export function logLevel() {
  return choice(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Log level of the daemon itself.');
}
