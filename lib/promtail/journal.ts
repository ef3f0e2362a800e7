import type { Duration } from '../kubernetes/duration';
import { fieldStages } from './fields';
import type { PromtailSettings } from './settings';

/** Value of the label `app`, which distinguishes entries of the journal from lines of containers. */
const JOURNAL_APP = 'node-journal';

/** Labels of an entry of the journal, besides that of the cluster. */
const LABELS = ['app', 'node', 'unit'];

/**
 * The job that reads the journal of the node. It finds levels and ids as in lines of containers.
 *
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/configuration/#journal
 */
export function journalJobs(
  { nodeJournal, rateLimit }: PromtailSettings,
  { retention, clusterName }: { readonly retention: Duration; readonly clusterName: string | undefined },
) {
  if (!nodeJournal.enabled) return [];
  return [
    {
      job_name: 'node-journal',
      journal: {
        path: nodeJournal.directory,
        // Where a new agent starts. Later it continues at its position.
        max_age: '12h',
        // Matches of one field are alternatives.
        matches: nodeJournal.units.map((unit) => `_SYSTEMD_UNIT=${unit}`).join(' '),
      },
      relabel_configs: [
        { target_label: 'app', replacement: JOURNAL_APP },
        ...(clusterName === undefined ? [] : [{ target_label: 'cluster', replacement: clusterName }]),
        { source_labels: ['__journal__hostname'], target_label: 'node' },
        { source_labels: ['__journal__systemd_unit'], target_label: 'unit' },
      ],
      pipeline_stages: [
        {
          limit: {
            rate: rateLimit.linesPerSecond,
            burst: rateLimit.burst,
            drop: true,
            by_label_name: 'unit',
            max_distinct_labels: 10_000,
          },
        },
        { drop: { older_than: retention.toString(), drop_counter_reason: 'too_old' } },
        ...fieldStages('auto'),
        { labelallow: [...(clusterName === undefined ? [] : ['cluster']), ...LABELS] },
      ],
    },
  ];
}
