import { at, listAt, textAt } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { changedSections } from '../review/config-rules';
import { listed } from '../review/words';

/** Folders of Loki itself: what is in no chunk yet, and the index that is being written. */
const FOLDERS = [
  'common.path_prefix',
  'ingester.wal.dir',
  'storage_config.tsdb_shipper.active_index_directory',
];

/** Sections that say where the stores are, and how they are reached. */
const STORES = [
  'common.storage',
  ...['filesystem', 'aws', 'gcs', 'azure', 'object_store', 'use_thanos_objstore'].map(
    (key) => `storage_config.${key}`,
  ),
  ...['ruler.storage', 'ruler_storage'],
];

/** Names of the sections of a store, and of the keys that say where in it the data is. */
const PLACES: Readonly<Record<string, { sections: readonly string[]; keys: readonly string[] }>> = {
  filesystem: { sections: ['filesystem'], keys: ['chunks_directory', 'directory', 'dir'] },
  s3: { sections: ['s3', 'aws'], keys: ['bucket_name', 'bucketnames', 's3'] },
  gcs: { sections: ['gcs'], keys: ['bucket_name'] },
  azure: { sections: ['azure'], keys: ['account_name', 'container_name'] },
};

/** The sections in which a store may be configured: of the clients of Loki 4, of Loki 3, and for everything. */
function sectionsOf(config: unknown, store: string): unknown[] {
  return (PLACES[store]?.sections ?? [store]).flatMap((name) => [
    at(config, 'storage_config', 'object_store', name),
    at(config, 'storage_config', name),
    at(config, 'common', 'storage', name),
  ]);
}

/** Where a store is; undefined where the config does not say. */
function placeOf(config: unknown, store: string): string | undefined {
  const found = (PLACES[store]?.keys ?? []).flatMap((key) =>
    sectionsOf(config, store).flatMap((section) => textAt(section, key) ?? []),
  );
  const prefix = textAt(config, 'storage_config', 'object_store', 'storage_prefix') ?? '';
  return found.length === 0 ? undefined : [...new Set(found), prefix].join(' ');
}

const endpointOf = (config: unknown) =>
  sectionsOf(config, 's3').flatMap((section) => textAt(section, 'endpoint') ?? [])[0];

/** Stores that hold logs already: those of the periods that have begun. */
function usedStores(config: unknown, today: string): string[] {
  const begun = listAt(config, 'schema_config', 'configs').filter(
    (period) => (textAt(period, 'from') ?? '') <= today,
  );
  return [...new Set(begun.flatMap((period) => textAt(period, 'object_store') ?? []))];
}

/** What a change of the places in which Loki keeps logs does to those that are there. */
export function storageFindings(versions: ConfigVersions): ConfigFinding[] {
  const { old, new: next, today } = versions;
  const used = usedStores(old, today);
  const folders = changedSections(versions, FOLDERS);
  const sections = changedSections(versions, STORES);
  const lost = used.filter((store) => placeOf(old, store) !== placeOf(next, store));
  const unknown = used.length === 0 || used.some((store) => placeOf(old, store) === undefined);
  const moved = [...folders, ...(unknown ? sections : lost)];
  if (moved.length > 0) {
    const says = `Loki reads logs from another location (${listed(moved)}) and does not find the existing ones`;
    return [{ effect: 'data-loss', rule: 'loki-storage-moved', says, paths: [...FOLDERS, ...STORES] }];
  }
  const [from, to] = [endpointOf(old), endpointOf(next)];
  if (used.includes('s3') && from !== to) {
    const says = `Loki looks for its bucket at ${to} instead of ${from}; if that is another server, existing logs are not found`;
    return [{ effect: 'unknown', rule: 'loki-storage-endpoint', says, paths: STORES }];
  }
  return sections.length > 0 ? [{ effect: 'live', rule: 'loki-storage-client', paths: STORES }] : [];
}
