import { z } from 'zod';
import { schedulingSettings } from '../constructs/scheduling';
import { seLinuxSettings } from '../constructs/se-linux';
import { logLevel, resourcesSettings } from '../constructs/settings';
import { imageSettings } from '../images/settings';
import { PINNED } from '../images/versions';
import { choice, count, duration, namespaceName, optional } from '../values/fields';
import { rule } from '../values/rule';
import { whyNoLabel } from './no-labels';

/**
 * Every label that a stream can have. The list is closed: each set of label values is a stream, and a label
 * with many values (a pod uid, a trace id, a file name) makes more of them than Loki can hold.
 */
export const STREAM_LABELS = ['namespace', 'pod', 'container', 'app', 'node', 'stream', 'job'] as const;
export type StreamLabel = (typeof STREAM_LABELS)[number];

/** Labels by which Grafana finds the logs of a span, and the metrics of a log line. */
const NEEDED_LABELS: readonly StreamLabel[] = ['namespace', 'pod', 'container'];

/** Settings of Promtail. */
export const promtailSettings = z
  .strictObject({
    image: imageSettings(PINNED.promtail),
    resources: resourcesSettings({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi', limitAtLeast: '64Mi' }),
    // Pods on tainted nodes have logs too.
    scheduling: schedulingSettings({ tolerations: [{ operator: 'Exists' }] }),
    labels: z
      .array(choice(STREAM_LABELS, whyNoLabel), { error: 'must be a list of labels' })
      .default(['namespace', 'pod', 'container', 'app', 'node', 'stream'])
      .describe(
        'Labels of a stream. namespace, pod and container are required; other fields are structured metadata.',
      ),
    excludedNamespaces: z
      .array(namespaceName(), { error: 'must be a list of namespaces' })
      .default([])
      .describe('Namespaces to exclude from log collection.'),
    multiline: z
      .strictObject({
        maxWait: duration({ atLeast: '1s', atMost: '1m', examples: ['3s', '10s'] })
          .prefault('3s')
          .describe('How long an entry waits for its next line.'),
        maxLines: count({ atLeast: 10, atMost: 10_000 })
          .default(1_100)
          .describe(
            'Maximum lines per entry, which are kept in memory. A stack overflow of the JVM has 1,024 frames.',
          ),
      })
      .prefault({})
      .describe('Joins lines, such as a stack trace, into one entry.'),
    seLinuxOptions: seLinuxSettings().describe(
      'SELinux context of the container, for nodes whose policy keeps it from log files (docs/nodes.md); null leaves it to ' +
        'the container runtime.',
    ),
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
  .check(
    rule(['labels'], ({ labels }) => {
      const missing = NEEDED_LABELS.find((label) => !labels.includes(label));
      if (missing !== undefined) return `must hold ${missing}, by which Grafana finds the logs of a span`;
      const twice = labels.find((label, index) => labels.indexOf(label) !== index);
      return twice === undefined ? undefined : `must hold ${twice} once`;
    }),
  )
  .prefault({})
  .describe('Promtail, the log agent.');

/**
 * Limits that follow from others.
 *
 * @param backlogLines Lines that a container's log files hold after an outage.
 */
export function completePromtail(settings: z.output<typeof promtailSettings>, backlogLines: number) {
  const { rateLimit } = settings;
  return { ...settings, rateLimit: { ...rateLimit, burst: rateLimit.burst ?? backlogLines } };
}
export type PromtailSettings = ReturnType<typeof completePromtail>;
