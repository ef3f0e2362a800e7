import { bucketSetup, type Setup } from './permissions';
import type { StoreSettings } from './settings';

/** A store, and the cluster that it is in. */
export interface Store {
  /** Name of its ServiceAccount. */
  readonly name: string;
  readonly namespace: string;
  readonly storage: StoreSettings;
}

/** What the buckets of some stores need outside of the cluster, for a terminal. */
export function printedSetup(stores: readonly Store[]): string {
  const parts = stores.flatMap(({ storage, ...user }) =>
    storage.type === 'filesystem'
      ? []
      : bucketSetup(storage, user).map((setup) => setupText(user.name, setup)),
  );
  return parts.length > 0
    ? parts.join('\n\n')
    : 'no store has a bucket: loki.storage.type and tempo.storage.type are filesystem';
}

function setupText(store: string, { title, json, commands = [] }: Setup): string {
  return [`# ${store}: ${title}`, ...(json ? [JSON.stringify(json, null, 2)] : commands)].join('\n');
}
