import type { Duration } from '../kubernetes/duration';
import type { Parser } from '../logs/annotations';
import { labelsOfStreams } from '../logs/settings';
import { earlierThan, firstTime } from '../logs/since';
import type { Tenant } from '../tenants/tenants';
import { fieldStages } from './fields';
import { joinLines, tidyLines } from './join-lines';
import type { PromtailSettings } from './settings';
import type { Stage } from './stage';

/** Loki's limits for a stream. */
export interface LineLimits {
  /** Longest line, in bytes. */
  readonly maxLineBytes: number;
  /** Loki rejects lines that are older. */
  readonly retention: Duration;
}

/**
 * The processing of a line on its way to Loki: assemble the parts that the container runtime wrote, join
 * the lines of an entry, and find its level and ids. Every line passes every stage, and each stage takes time even if
 * it does nothing. A `match` stage takes the time of several, and lines that do not match would overtake the others.
 */
export function pipelineStages(
  settings: PromtailSettings,
  parser: Parser,
  {
    maxLineBytes,
    retention,
    clusterName,
    tenants,
  }: LineLimits & { readonly clusterName: string | undefined; readonly tenants: readonly Tenant[] },
): Stage[] {
  const { linesPerSecond, burst } = settings.rateLimit;
  const since = firstTime(settings);
  const isJoined = parser === 'auto' || parser === 'text';
  return [
    ...(since === undefined
      ? []
      : [{ drop: { expression: earlierThan(since), drop_counter_reason: 'sent_before' } }]),
    // Per file, and therefore per container: Promtail adds a label `filename`. Dropping a line costs least here.
    {
      limit: {
        rate: linesPerSecond,
        burst,
        drop: true,
        by_label_name: 'filename',
        max_distinct_labels: 10_000,
      },
    },
    ...(isJoined ? joinLines(settings.multiline) : []),
    // Promtail adds a label `filename`. The next stages need it to distinguish the lines of a container by their
    // labels, because a restarted container writes to a new file.
    {
      cri: {
        // Limits the node's streams with an incomplete line, not the parts of a line. Uses at most half of memory.
        max_partial_lines: Math.floor(settings.resources.memoryLimit.value / 2 / maxLineBytes),
        max_partial_line_size: maxLineBytes,
        max_partial_line_size_truncate: true,
      },
    },
    { labelallow: labelsOfStreams(settings, clusterName) },
    // A new agent reads existing files from the start.
    { drop: { older_than: retention.toString(), drop_counter_reason: 'too_old' } },
    ...(isJoined ? tidyLines() : []),
    { drop: { expression: String.raw`^\s*$`, drop_counter_reason: 'blank_line' } },
    ...fieldStages(parser),
    // All lines of a stream belong to one tenant. The client has the tenant of the rest.
    ...tenants
      .filter(({ namespaces }) => namespaces.length > 0)
      .map(({ name, namespaces }) => ({
        match: { selector: `{namespace=~"${namespaces.join('|')}"}`, stages: [{ tenant: { value: name } }] },
      })),
  ];
}
