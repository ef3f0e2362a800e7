import * as z from 'zod';
import { logLevel, resourcesSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import type { LogsSettings } from '../logs/settings';
import { count, optional } from '../values/fields';

/** Settings that only Promtail has. */
export const promtailSettings = z
  .strictObject({
    image: imageSettings(PINNED.promtail),
    resources: resourcesSettings({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi', limitAtLeast: '64Mi' }),
    rateLimit: z
      .strictObject({
        linesPerSecond: count({ atLeast: 10, atMost: 1_000_000 })
          .default(5_000)
          .describe(
            'Lines per second that the agent sends of one container. It drops further lines, and counts them for an alert.',
          ),
        burst: optional(count({ atLeast: 1_000, atMost: 1_000_000_000 })).describe(
          'Lines of a container that it sends at any rate. null derives what the log files of a container hold after an outage ' +
            'of Loki, from monitoring.alerts.agentLag.',
        ),
      })
      .prefault({})
      .describe('Limit per container, so that one that writes too much does not hold up the others.'),
    logLevel: logLevel(),
  })
  .prefault({})
  .describe('Promtail, the log agent with logs.agent promtail.');

/**
 * Limits derived from other settings.
 *
 * @param backlogLines Number of lines in the log files of a container after an outage.
 */
export function completePromtail(settings: z.output<typeof promtailSettings>, backlogLines: number) {
  const { rateLimit } = settings;
  return { ...settings, rateLimit: { ...rateLimit, burst: rateLimit.burst ?? backlogLines } };
}

/** Configuration of Promtail: its own settings and those of every agent. */
export type PromtailSettings = ReturnType<typeof completePromtail> & LogsSettings;
