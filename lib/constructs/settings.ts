import { z } from 'zod';
import { bytes, choice, cpu } from '../values/fields';
import { rule } from '../values/rule';

/** What a container asks for and may use at most. */
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
        .describe('CPU requested. There is no CPU limit: throttling delays logs and traces.'),
      memory: bytes({ atLeast: '32Mi', example: '512Mi' })
        .prefault(defaults.memory)
        .describe('Memory requested.'),
      memoryLimit: bytes({ atLeast: defaults.limitAtLeast, example: '2Gi' })
        .prefault(defaults.memoryLimit)
        .describe('Memory limit; caches and the Go heap are sized from it.'),
    })
    .check(
      rule(['memory', 'memoryLimit'], ({ memory, memoryLimit }) =>
        memory.value > memoryLimit.value ? `must not be more than memoryLimit (${memoryLimit})` : undefined,
      ),
    )
    .prefault({})
    .describe('CPU and memory of the container.');
}
export type ResourcesSettings = z.output<ReturnType<typeof resourcesSettings>>;

/** The volume of a component. */
export function storageSettings(defaults: { size: string; atLeast: string }) {
  return z
    .strictObject({
      size: bytes({ atLeast: defaults.atLeast, example: defaults.size })
        .prefault(defaults.size)
        .describe('Size of the volume. It can grow later, if the StorageClass allows, and never shrink.'),
    })
    .prefault({})
    .describe('Volume.');
}

/** How much a daemon writes to its own log. */
export function logLevel() {
  return choice(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Log level of the daemon itself.');
}
