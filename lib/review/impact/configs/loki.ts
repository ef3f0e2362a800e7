import { at, type Json, listAt, textAt } from '../../manifests/json';
import { duration } from '../units';
import { listed } from '../words';
import { type ConfigFinding, type ConfigJudge, type ConfigVersions, changedAt } from './config';
import { schemaFindings } from './loki-schema';
import { retentionFinding } from './retention';

const DOCS = 'https://grafana.com/docs/loki/latest';
const RETENTION = `${DOCS}/operations/storage/retention/`;

/** What a change of Loki's configuration does. */
export const judgeLoki: ConfigJudge = (versions) => [
  ...retentionFinding(
    {
      rule: 'loki-retention',
      what: 'logs',
      old: retentionOf(versions.old),
      new: retentionOf(versions.new),
      deletedWithin: 'within about 2 hours',
      source: RETENTION,
      paths: ['limits_config.retention_period', 'compactor.retention_enabled'],
    },
    versions,
  ),
  ...streamRetention(versions),
  ...schemaFindings(versions),
  ...storage(versions),
  ...others(versions),
];

/** Seconds that logs are kept; infinite without a compactor that deletes. */
function retentionOf(config: Json): number {
  const period = duration(textAt(config, 'limits_config', 'retention_period')) ?? 0;
  return at(config, 'compactor', 'retention_enabled') === true && period > 0
    ? period
    : Number.POSITIVE_INFINITY;
}

function streamRetention({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const rules = (config: Json) =>
    new Map(
      listAt(config, 'limits_config', 'retention_stream').map((rule) => [
        textAt(rule, 'selector') ?? '',
        duration(textAt(rule, 'period')) ?? Number.POSITIVE_INFINITY,
      ]),
    );
  const before = rules(old);
  const shorter = [...rules(next)].filter(
    ([selector, period]) => period < (before.get(selector) ?? retentionOf(old)),
  );
  if (shorter.length === 0) return [];
  return [
    {
      effect: 'data-loss',
      rule: 'loki-stream-retention-shorter',
      title: `logs of ${listed(shorter.map(([selector]) => selector))} are kept for a shorter time; those that are older are deleted`,
      reason: 'retention_stream overrides retention_period for the streams that its selector matches.',
      source: RETENTION,
      steps: ['try the selector in a query first, and see whose logs it matches'],
      paths: ['limits_config.retention_stream.**'],
    },
  ];
}

/** Where Loki keeps chunks and index. */
const PLACES = [
  'common.path_prefix',
  'common.storage',
  'storage_config.filesystem',
  'storage_config.aws',
  'storage_config.gcs',
  'storage_config.azure',
  'storage_config.object_store',
  'storage_config.use_thanos_objstore',
];

function storage(versions: ConfigVersions): ConfigFinding[] {
  const moved = changedAt(versions, PLACES);
  if (moved.length === 0) return [];
  return [
    {
      effect: 'data-loss',
      rule: 'loki-storage-moved',
      title: `Loki looks for its logs elsewhere (${listed(moved)}); it does not find those that are there`,
      reason: 'Loki moves no data: what was written to the old place stays there, unread.',
      source: `${DOCS}/configure/storage/`,
      steps: [
        'to change the store: keep the old one configured, and add a schema period with the new object_store that begins in the future',
        'to move a folder: scale Loki to 0, move the data, apply, and query an old line',
      ],
      paths: moved.map((path) => `${path}.**`),
    },
  ];
}

function others(versions: ConfigVersions): ConfigFinding[] {
  const { new: next } = versions;
  const found: (ConfigFinding | false)[] = [
    changedAt(versions, ['auth_enabled']).length > 0 && {
      effect: 'data-loss',
      rule: 'loki-tenant',
      title: 'logs are kept under another tenant; those that are there cannot be queried any more',
      reason:
        'Without authentication everything belongs to the tenant fake, with it to the tenant of the header X-Scope-OrgID.',
      source: `${DOCS}/operations/multi-tenancy/`,
      steps: ['let clients send X-Scope-OrgID: fake for what was written before'],
      paths: ['auth_enabled'],
    },
    changedAt(versions, ['ingester.wal.enabled']).length > 0 &&
      at(next, 'ingester', 'wal', 'enabled') === false && {
        effect: 'data-loss',
        rule: 'loki-wal-off',
        title: 'a crash loses the lines of up to 2 hours that are only in memory',
        reason:
          'The write-ahead log is what Loki reads after a crash; chunks are written when they are full or old.',
        source: `${DOCS}/operations/storage/wal/`,
        steps: ['leave ingester.wal.enabled at true'],
        paths: ['ingester.wal.enabled'],
      },
    changedAt(versions, ['limits_config.deletion_mode']).length > 0 &&
      textAt(next, 'limits_config', 'deletion_mode') !== 'disabled' && {
        effect: 'access',
        rule: 'loki-delete-api',
        title: 'whoever reaches Loki may delete logs',
        reason: 'deletion_mode other than disabled opens the API for delete requests.',
        source: `${DOCS}/operations/storage/logs-deletion/`,
        paths: ['limits_config.deletion_mode'],
      },
  ];
  return found.filter((one) => one !== false);
}
