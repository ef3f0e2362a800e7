import { at, type Json, textAt } from '../../manifests/json';
import { duration } from '../units';
import { listed } from '../words';
import { type ConfigFinding, type ConfigJudge, type ConfigVersions, changedAt } from './config';
import { retentionFinding } from './retention';

const DOCS = 'https://grafana.com/docs/tempo/latest';

/** Tempo's own default. */
const DEFAULT_RETENTION = '336h';

/** What a change of Tempo's configuration does. */
export const judgeTempo: ConfigJudge = (versions) => [
  ...retentionFinding(
    {
      rule: 'tempo-retention',
      what: 'traces',
      old: retentionOf(versions.old),
      new: retentionOf(versions.new),
      deletedWithin: 'within about 2 hours',
      source: `${DOCS}/configuration/`,
      paths: [
        'backend_worker.compaction.block_retention',
        'compactor.compaction.block_retention',
        'overrides.defaults.compaction.**',
      ],
    },
    versions,
  ),
  ...storage(versions),
  ...blockVersion(versions),
  ...tenant(versions),
];

/** Seconds that traces are kept: an override, the worker's of Tempo 3, the compactor's of Tempo 2. */
function retentionOf(config: Json): number {
  if (at(config, 'overrides', 'defaults', 'compaction', 'compaction_disabled') === true)
    return Number.POSITIVE_INFINITY;
  const written = [
    textAt(config, 'overrides', 'defaults', 'compaction', 'block_retention'),
    textAt(config, 'backend_worker', 'compaction', 'block_retention'),
    textAt(config, 'compactor', 'compaction', 'block_retention'),
    DEFAULT_RETENTION,
  ].map(duration);
  return written.find((seconds) => seconds !== undefined && seconds > 0) ?? Number.POSITIVE_INFINITY;
}

const PLACES = [
  'storage.trace.backend',
  'storage.trace.local',
  'storage.trace.s3',
  'storage.trace.gcs',
  'storage.trace.azure',
];

function storage(versions: ConfigVersions): ConfigFinding[] {
  const moved = changedAt(versions, PLACES);
  if (moved.length === 0) return [];
  return [
    {
      effect: 'data-loss',
      rule: 'tempo-storage-moved',
      title: `Tempo looks for its traces elsewhere (${listed(moved)}); it does not find those that are there`,
      reason:
        'Tempo has one backend and moves no data: what was written to the old place stays there, unread.',
      source: `${DOCS}/configuration/#storage`,
      steps: [
        'copy the blocks first: scale Tempo to 0, copy the folder of every tenant to the new place, apply, and look an old trace up',
        'or accept that traces of the past retention cannot be looked up; they are gone by then anyway',
      ],
      paths: moved.map((path) => `${path}.**`),
    },
  ];
}

function blockVersion({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const version = (config: Json) => textAt(config, 'storage', 'trace', 'block', 'version') ?? 'the default';
  if (version(old) === version(next)) return [];
  return [
    {
      effect: 'data-loss',
      rule: 'tempo-block-version',
      title: `blocks are written as ${version(next)} instead of ${version(old)}: a Tempo that does not read both loses sight of one of them, and a return to the old version does`,
      reason:
        'A block keeps the format that it was written in. Tempo 3 reads vParquet4 and vParquet5 and nothing older.',
      source: `${DOCS}/configuration/parquet/`,
      steps: [
        'upgrade Tempo first, to a version that reads both formats; change the format in a commit of its own',
        'wait for the retention before you go to a Tempo that does not read the old format',
      ],
      paths: ['storage.trace.block.version'],
    },
  ];
}

function tenant(versions: ConfigVersions): ConfigFinding[] {
  if (changedAt(versions, ['multitenancy_enabled']).length === 0) return [];
  return [
    {
      effect: 'data-loss',
      rule: 'tempo-tenant',
      title: 'traces are kept under another tenant; those that are there cannot be looked up any more',
      reason: 'Without multi-tenancy everything belongs to the tenant single-tenant.',
      source: `${DOCS}/operations/manage-advanced-systems/multitenancy/`,
      steps: ['let clients send X-Scope-OrgID: single-tenant for what was written before'],
      paths: ['multitenancy_enabled'],
    },
  ];
}
