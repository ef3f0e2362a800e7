import { z } from 'zod';
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
          .describe('Bytes of lines that wait on the disk of each node while Loki is away.'),
        whenFull: choice(['wait', 'drop'])
          .default('wait')
          .describe(
            'What happens to lines when the queue is full: wait leaves them in their files, where those are lost that a node rotates ' +
              'away; drop loses all of them, and counts each.',
          ),
      })
      .prefault({})
      .describe('Queue to Loki, in /var/lib/otel-agent of each node.'),
    logLevel: logLevel(),
  })
  .prefault({})
  .describe('The OpenTelemetry Collector as the log agent, with logs.agent otel.');

/** Settings of the OpenTelemetry Collector as the log agent that other agents do not have. */
export const otelAgentSettings = ownSettings;

/** What the agent is configured by: its own settings, and those of every agent. */
export type OtelAgentSettings = z.output<typeof ownSettings> & LogsSettings;
