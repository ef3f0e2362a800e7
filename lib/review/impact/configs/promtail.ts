import { canonical } from '../../diff/canonical';
import { at, isMap, type Json, listAt, textAt } from '../../manifests/json';
import { listed } from '../words';
import { type ConfigFinding, type ConfigJudge, type ConfigVersions, changedAt } from './config';

const DOCS = 'https://grafana.com/docs/loki/latest/send-data/promtail';

/** What a change of Promtail's configuration does. */
export const judgePromtail: ConfigJudge = (versions) => [
  ...pipeline(versions),
  ...positions(versions),
  ...jobs(versions),
  ...clients(versions),
];

function pipeline({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const [before, after] = [labelsOf(old), labelsOf(next)];
  const stages = (config: Json) =>
    canonical(
      '',
      listAt(config, 'scrape_configs').map((job) => at(job, 'pipeline_stages') ?? null),
    );
  const added = after.filter((label) => !before.includes(label));
  const gone = before.filter((label) => !after.includes(label));
  if (added.length + gone.length === 0 && stages(old) === stages(next)) return [];
  const labels =
    added.length + gone.length === 0
      ? 'labels unchanged'
      : [
          ...(added.length > 0 ? [`new labels ${listed(added)}`] : []),
          ...(gone.length > 0 ? [`without the labels ${listed(gone)}`] : []),
        ].join(', ');
  const changes = stages(old) !== stages(next);
  return [
    {
      effect: added.length > 0 ? 'capacity' : 'live',
      rule: added.length > 0 ? 'promtail-new-labels' : 'promtail-pipeline',
      title: changes ? `Promtail gets a new pipeline; ${labels}` : `Promtail sends ${labels}`,
      reason:
        added.length > 0
          ? 'Each value of a label makes streams of its own; Loki refuses lines beyond its limit of streams. Queries and alerts see the new labels in new lines only.'
          : 'Lines that are read after the restart go through the new pipeline; lines in Loki stay what they are. Queries by a label that is gone find old lines only.',
      source:
        added.length > 0
          ? 'https://grafana.com/docs/loki/latest/get-started/labels/cardinality/'
          : `${DOCS}/pipelines/`,
      paths: ['scrape_configs.**'],
    },
  ];
}

/** Labels that lines are sent with: those that are let through, or else all that are made. */
function labelsOf(config: Json): string[] {
  const jobs = listAt(config, 'scrape_configs');
  const stages = jobs.flatMap((job) => stagesOf(listAt(job, 'pipeline_stages')));
  const allowed = stages.flatMap((stage) => listAt(stage, 'labelallow').map(String));
  if (allowed.length > 0) return [...new Set(allowed)].sort();
  const made = [
    ...jobs.flatMap((job) => listAt(job, 'relabel_configs').map((one) => textAt(one, 'target_label') ?? '')),
    ...jobs.flatMap((job) =>
      listAt(job, 'static_configs').flatMap((one) => {
        const labels = at(one, 'labels');
        return isMap(labels) ? Object.keys(labels) : [];
      }),
    ),
    ...stages.flatMap((stage) => {
      const labels = at(stage, 'labels') ?? at(stage, 'static_labels');
      return isMap(labels) ? Object.keys(labels) : [];
    }),
  ];
  const dropped = stages.flatMap((stage) => listAt(stage, 'labeldrop').map(String));
  return [...new Set(made)]
    .filter((label) => label !== '' && !label.startsWith('__') && !dropped.includes(label))
    .sort();
}

/** Stages, and those inside of `match` stages. */
function stagesOf(stages: readonly Json[]): Json[] {
  return stages.flatMap((stage) => [stage, ...stagesOf(listAt(stage, 'match', 'stages'))]);
}

function positions(versions: ConfigVersions): ConfigFinding[] {
  if (changedAt(versions, ['positions.filename']).length === 0) return [];
  return [
    {
      effect: 'capacity',
      rule: 'promtail-positions',
      title: 'Promtail forgets how far it has read, and sends all that is on every node again',
      reason:
        'positions.filename is where it keeps how far it has read; Loki stores lines it has seen again where it cannot tell.',
      source: `${DOCS}/configuration/#positions`,
      paths: ['positions.filename'],
    },
  ];
}

function jobs({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const names = (config: Json) =>
    listAt(config, 'scrape_configs').map((job) => textAt(job, 'job_name') ?? '');
  const gone = names(old).filter((name) => !names(next).includes(name));
  if (gone.length === 0) return [];
  return [
    {
      effect: 'data-loss',
      rule: 'promtail-job-gone',
      title: `logs of ${listed(gone)} are not collected any more`,
      reason: 'What no scrape config names is not read; the files of its containers are rotated away.',
      source: `${DOCS}/configuration/#scrape_configs`,
      steps: [
        'collect them with another job, or make sure that nobody needs them; a job that is only renamed reads on',
      ],
      paths: ['scrape_configs.**'],
    },
  ];
}

function clients({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const urls = (config: Json) => listAt(config, 'clients').map((client) => textAt(client, 'url') ?? '');
  const [before, after] = [urls(old), urls(next)];
  if (before.join() === after.join()) return [];
  return [
    {
      effect: 'live',
      rule: 'promtail-client',
      title: `Promtail sends to ${listed(after)} instead of ${listed(before)}`,
      reason: 'Lines that are read after the restart go there; it tries again until they are taken.',
      source: `${DOCS}/configuration/#clients`,
      paths: ['clients.**'],
    },
  ];
}
