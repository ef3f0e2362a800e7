import { Duration } from '../kubernetes/duration';
import { at, isMap, type Json, listAt, mapAt, textAt } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { canonical } from '../review/diff/canonical';
import { casesFound, difference } from '../review/difference';
import { listed } from '../review/words';

/** Stages that discard lines. */
const DROPPING = ['drop', 'limit', 'sampling'];

/** Stages that read a line without changing it. */
const EXTRACTING = [
  ...['json', 'logfmt', 'regex', 'template', 'metrics', 'match'],
  ...['labels', 'static_labels', 'labelallow', 'labeldrop', 'structured_metadata'],
];

const PATHS = ['pipeline_stages', 'relabel_configs', 'static_configs'].map(
  (key) => `scrape_configs.*.${key}`,
);

/** The jobs of a configuration. */
export function jobsOf(config: Json): readonly Json[] {
  return listAt(config, 'scrape_configs');
}

/** The effect of a pipeline change on lines: whether they are discarded, rewritten, or get different labels. */
export function pipelineFindings(versions: ConfigVersions): ConfigFinding[] {
  const [old, next] = sharedJobs(versions);
  const [before, after] = [stagesOf(old), stagesOf(next)];
  const text = (stage: Json) => canonical('', stage);
  const without = (some: readonly Json[], others: readonly Json[]) => {
    const known = others.map(text);
    return some.filter((one) => !known.includes(text(one)));
  };
  const [added, removed] = [without(after, before), without(before, after)];
  const dropping = (stages: readonly Json[]) => stages.filter((one) => DROPPING.includes(nameOf(one)));
  const drops = dropping(added)
    .filter((one) => !dropping(removed).some((before) => discardsLess(one, before)))
    .map(nameOf);
  const keepsMore = drops.length === 0 && dropping([...added, ...removed]).length > 0;
  const rewrites = [...added, ...removed]
    .map(nameOf)
    .filter((name) => ![...EXTRACTING, ...DROPPING, 'tenant'].includes(name));
  const moved = [...added, ...removed].some((one) => nameOf(one) === 'tenant') ? ['tenants'] : [];
  const isReordered =
    added.length + removed.length === 0 && before.map(text).join() !== after.map(text).join();
  const how = isReordered ? ['another order of stages'] : [...new Set(rewrites)];
  const labels = difference(labelsOf(old), labelsOf(next));
  const sent = [
    ...(labels.added.length > 0 ? [`with the new labels ${listed(labels.added)}`] : []),
    ...(labels.removed.length > 0 ? [`without the labels ${listed(labels.removed)}`] : []),
  ].join(' and ');
  const says = `lines are sent ${sent}`;
  const found = casesFound([
    ['data-loss', 'promtail-drops', drops],
    ['capacity', 'promtail-keeps-more', keepsMore ? ['fewer are dropped'] : []],
    ['unknown', 'promtail-lines', how],
    ['access', 'promtail-tenants', moved, () => 'new lines of some namespaces go to another tenant'],
    ['capacity', 'promtail-new-labels', labels.added, () => says],
  ]).map((one) => ({ ...one, paths: PATHS }));
  if (found.length > 0 || added.length + removed.length + labels.removed.length === 0) return found;
  return [
    {
      ...{ effect: 'live', rule: 'promtail-pipeline', paths: PATHS },
      ...(labels.removed.length > 0 && { says }),
    },
  ];
}

/** Both versions with only the jobs that both have. Added and removed jobs are findings of their own. */
function sharedJobs({ old, new: next }: ConfigVersions): [Json, Json] {
  const names = (config: Json) => jobsOf(config).map((job) => textAt(job, 'job_name'));
  const only = (config: Json, known: ReadonlyArray<string | undefined>): Json => ({
    scrape_configs: jobsOf(config).filter((job) => known.includes(textAt(job, 'job_name'))),
  });
  return [only(old, names(next)), only(next, names(old))];
}

/** Whether a stage equals another one with a higher limit for age or for lines per second. */
function discardsLess(stage: Json, before: Json): boolean {
  const age = (one: Json) => Duration.parse(textAt(one, 'drop', 'older_than') ?? '')?.seconds;
  const [old, next] = [age(before), age(stage)];
  if (old !== undefined && next !== undefined) return next >= old;
  const isHigher = (key: string) => Number(at(stage, 'limit', key)) >= Number(at(before, 'limit', key));
  return isHigher('rate') && isHigher('burst');
}

/** Stages of all jobs. Stages inside a `match` stage follow it. */
function stagesOf(config: Json): Json[] {
  const flat = (stages: readonly Json[]): Json[] =>
    stages.flatMap((stage) => {
      const { stages: inside, ...match } = mapAt(stage, 'match');
      return inside === undefined ? [stage] : [{ match }, ...flat(listAt(stage, 'match', 'stages'))];
    });
  return jobsOf(config).flatMap((job) => flat(listAt(job, 'pipeline_stages')));
}

function nameOf(stage: Json): string {
  const [name = ''] = isMap(stage) ? Object.keys(stage) : [];
  return name === 'match' && textAt(stage, 'match', 'action') === 'drop' ? 'drop' : name;
}

/** Labels that are sent with lines: the allowed labels, or all labels if there is no such list. */
function labelsOf(config: Json): string[] {
  const stages = stagesOf(config);
  const allowed = stages.flatMap((stage) => listAt(stage, 'labelallow').map(String));
  if (allowed.length > 0) return [...new Set(allowed)].sort();
  const made = [
    ...jobsOf(config).flatMap((job) => [
      ...listAt(job, 'relabel_configs').map((one) => textAt(one, 'target_label') ?? ''),
      ...listAt(job, 'static_configs').flatMap((one) => Object.keys(mapAt(one, 'labels'))),
    ]),
    ...stages.flatMap((stage) =>
      ['labels', 'static_labels'].flatMap((key) => Object.keys(mapAt(stage, key))),
    ),
  ];
  const dropped = stages.flatMap((stage) => listAt(stage, 'labeldrop').map(String));
  const kept = made.filter((label) => label !== '' && !label.startsWith('__') && !dropped.includes(label));
  return [...new Set(kept)].sort();
}
