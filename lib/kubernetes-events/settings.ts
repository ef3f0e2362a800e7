import * as z from 'zod';
import { schedulingSettings } from '../constructs/scheduling';
import { logLevel, resourcesSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import { flag } from '../values/fields';

/** Settings of the collector of Kubernetes events. */
export const kubernetesEventsSettings = z
  .strictObject({
    enabled: flag()
      .default(false)
      .describe(
        'Whether to store Kubernetes events in Loki. Kubernetes itself deletes an event after an hour. ' +
          'docs/logs.md describes their labels and fields.',
      ),
    image: imageSettings(PINNED.collector),
    resources: resourcesSettings({
      cpu: '20m',
      memory: '128Mi',
      memoryLimit: '256Mi',
      limitAtLeast: '192Mi',
    }),
    scheduling: schedulingSettings(),
    logLevel: logLevel(),
  })
  .prefault({})
  .describe('Kubernetes events, collected by one OpenTelemetry Collector.');
export type KubernetesEventsSettings = z.output<typeof kubernetesEventsSettings>;
