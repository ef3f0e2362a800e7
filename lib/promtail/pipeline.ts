import type { Duration } from '../kubernetes/duration';
import { labelsOfStreams } from '../logs/settings';
import { earlierThan } from '../logs/since';
import { fieldStages } from './fields';
import { joinLines, tidyLines } from './join-lines';
import type { PromtailSettings } from './settings';
import type { Stage } from './stage';

/** What Loki stores of a stream. */
export interface LineLimits {
  /** Longest line, in bytes. */
  readonly maxLineBytes: number;
  /** Loki rejects lines that are older. */
  readonly retention: Duration;
}

/**
 * What happens to a line on its way to Loki: it is put together from the parts
 * that the container runtime wrote, joined with the lines that belong to it,
 * and its level and ids are found.
 */
export function pipelineStages(
  settings: PromtailSettings,
  { maxLineBytes, retention, clusterName }: LineLimits & { readonly clusterName: string | undefined },
): Stage[] {
  const { linesPerSecond, burst } = settings.rateLimit;
  return [
    ...(settings.since === undefined
      ? []
      : [{ drop: { expression: earlierThan(settings.since), drop_counter_reason: 'sent_before' } }]),
    // Per file, which is per container: Promtail adds a label `filename`. Here a dropped line costs least.
    {
      limit: {
        rate: linesPerSecond,
        burst,
        drop: true,
        by_label_name: 'filename',
        max_distinct_labels: 10_000,
      },
    },
    ...joinLines(settings.multiline),
    // Promtail adds a label `filename`, which the next stages need, and the last one drops: they keep the lines of
    // a container apart by their labels, and a restarted container writes another file.
    {
      cri: {
        // Not parts of a line, but streams of the node with a line that is not complete yet. In half of memory.
        max_partial_lines: Math.floor(settings.resources.memoryLimit.value / 2 / maxLineBytes),
        max_partial_line_size: maxLineBytes,
        max_partial_line_size_truncate: true,
      },
    },
    // A new agent reads old files from their start.
    { drop: { older_than: retention.toString(), drop_counter_reason: 'too_old' } },
    ...tidyLines(),
    ...fieldStages(),
    { labelallow: labelsOfStreams(settings, clusterName) },
  ];
}
