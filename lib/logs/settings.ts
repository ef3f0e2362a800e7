import * as z from 'zod';
import { schedulingSettings } from '../constructs/scheduling';
import { seLinuxSettings } from '../constructs/se-linux';
import { logDestinations } from '../destinations/settings';
import { choice, count, duration, flag, namespaceName, optional, text } from '../values/fields';
import { rule } from '../values/rule';
import { whyNoLabel } from './no-labels';
import { SINCE_PATTERN } from './since';

/** Programs that can read the log files of a node. With `none`, users run their own agent. */
export const LOG_AGENTS = ['promtail', 'otel', 'none'] as const;

/** An agent that this product installs. */
export type LogAgentKind = Exclude<(typeof LOG_AGENTS)[number], 'none'>;

/**
 * Every label that a stream can have. The list is closed: each set of label values is a stream, and a label
 * with many values (a pod uid, a trace id, a file name) creates more streams than Loki can handle.
 */
export const STREAM_LABELS = ['namespace', 'pod', 'container', 'app', 'node', 'stream', 'job'] as const;
export type StreamLabel = (typeof STREAM_LABELS)[number];

/** Labels that Grafana uses to find the logs of a span and the metrics of a log line. */
const NEEDED_LABELS: readonly StreamLabel[] = ['namespace', 'pod', 'container'];

/** Log collection settings that every agent shares. */
export const logsSettings = z
  .strictObject({
    agent: choice(LOG_AGENTS)
      .default('promtail')
      .describe(
        'Program that reads log files on each node: promtail (end of life since 2026-03-02), otel ' +
          '(the OpenTelemetry Collector, with a queue on disk), or none if you run your own agent. ' +
          'docs/logs.md compares them and describes how to switch.',
      ),
    since: optional(text('a time in UTC such as "2026-11-24T16:00:00Z"', SINCE_PATTERN)).describe(
      'Lines before this time are not sent. For the switch from another agent, which has already sent them: docs/logs.md.',
    ),
    resendSince: optional(text('a time in UTC such as "2026-11-24T16:00:00Z"', SINCE_PATTERN)).describe(
      'Read the log files on the nodes once more, and send lines from this time on again. For lines that a destination has rejected: docs/remote-stores.md.',
    ),
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
          .describe('Maximum time that an entry waits for its next line.'),
        maxLines: count({ atLeast: 10, atMost: 10_000 })
          .default(1_100)
          .describe(
            'Maximum number of lines per entry, which are kept in memory. A JVM stack overflow has 1,024 frames.',
          ),
      })
      .prefault({})
      .describe('Join several lines, such as a stack trace, into one entry.'),
    otlp: z
      .strictObject({
        enabled: flag()
          .default(false)
          .describe(
            'Accept logs of OpenTelemetry SDKs at the collector, on the OTLP ports for traces. If an ' +
              'application also writes them to standard output, they are stored twice.',
          ),
      })
      .prefault({})
      .describe('Logs of OpenTelemetry SDKs.'),
    nodeJournal: z
      .strictObject({
        enabled: flag()
          .default(false)
          .describe(
            'Collect the systemd journal of each node as well. Requires logs.agent promtail, and a journal ' +
              'in logs.nodeJournal.directory on every node: docs/logs.md.',
          ),
        directory: choice(['/var/log/journal', '/run/log/journal'])
          .default('/var/log/journal')
          .describe('Folder of the journal on the nodes. /run/log/journal if it is not kept over a reboot.'),
        units: z
          .array(text('a systemd unit such as "kubelet.service"', /^[\w:.@\\-]+\.[a-z]+$/), {
            error: 'must be a list of systemd units',
          })
          .default(['kubelet.service', 'containerd.service'])
          .describe('Units whose entries are collected.'),
      })
      .prefault({})
      .describe('Logs of the kubelet and the container runtime.'),
    destinations: logDestinations,
    // Pods on tainted nodes write logs too.
    scheduling: schedulingSettings({ tolerations: [{ operator: 'Exists' }] }),
    seLinuxOptions: seLinuxSettings().describe(
      'SELinux context of the container, for nodes whose policy denies access to log files ' +
        '(docs/nodes.md). null leaves it to the container runtime.',
    ),
  })
  .check(
    rule(['nodeJournal.enabled', 'agent'], ({ agent, nodeJournal: { enabled } }) => {
      if (!enabled || agent === 'promtail') return undefined;
      return agent === 'otel'
        ? 'must be false with logs.agent otel: the image of the OpenTelemetry Collector lacks journalctl, which its receiver runs'
        : 'must be false with logs.agent none, because no agent of the stack would read the journal';
    }),
    rule(['nodeJournal.units'], ({ nodeJournal: { enabled, units } }) =>
      enabled && units.length === 0
        ? 'must contain a unit; without one, the agent would read the whole journal'
        : undefined,
    ),
    rule(['resendSince', 'since'], ({ since, resendSince }) =>
      resendSince !== undefined && since !== undefined
        ? 'must be null with logs.since; keep one of them'
        : undefined,
    ),
    rule(['labels'], ({ labels }) => {
      const missing = NEEDED_LABELS.find((label) => !labels.includes(label));
      if (missing !== undefined) return `must contain ${missing}, by which Grafana finds the logs of a span`;
      const twice = labels.find((label, index) => labels.indexOf(label) !== index);
      return twice === undefined ? undefined : `must contain ${twice} only once`;
    }),
  )
  .prefault({})
  .describe('Log collection: the agent on each node, and what it sends.');
export type LogsSettings = z.output<typeof logsSettings>;

/**
 * Labels of every stream. They include the cluster name, so that pods of the same name in two clusters do not write to
 * the same stream. This adds no streams, because a cluster has one name.
 */
export function labelsOfStreams(
  { labels }: LogsSettings,
  clusterName: string | undefined,
): readonly string[] {
  return [...(clusterName === undefined ? [] : ['cluster']), ...labels];
}
