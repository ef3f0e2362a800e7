import * as z from 'zod';
import { logLevel, resourcesSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import type { LogsSettings } from '../logs/settings';
import { bytes, choice } from '../values/fields';

const ownSettings = z
  .strictObject({
    image: imageSettings(PINNED.collector),
    resources: resourcesSettings({
      cpu: '50m',
      memory: '128Mi',
      memoryLimit: '384Mi',
      limitAtLeast: '192Mi',
    }),
    queue: z
      .strictObject({
        size: bytes({ atLeast: '16Mi', example: '1Gi' })
          .prefault('1Gi')
          .describe('Size of the queue for lines on the disk of each node while Loki is down.'),
        whenFull: choice(['wait', 'drop'])
          .default('wait')
          .describe(
            'What happens when the queue is full. wait leaves lines in their files, where they are ' +
              'lost when the node rotates the file away. drop discards them and counts each one.',
          ),
      })
      .prefault({})
      .describe('Queue to Loki, in /var/lib/otel-agent on each node.'),
    logLevel: logLevel(),
  })
  .prefault({})
  .describe('The OpenTelemetry Collector as the log agent, with logs.agent otel.');

/** Settings that only the OpenTelemetry Collector as the log agent has. */
export const otelAgentSettings = ownSettings;

/** Configuration of the agent: its own settings and those of every agent. */
export type OtelAgentSettings = z.output<typeof ownSettings> & LogsSettings;
