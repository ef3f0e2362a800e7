import { bucketSetup, type Setup } from './permissions';
import type { StoreSettings } from './settings';

/** A store and its cluster. */
export interface Store {
  /** Name of the store's ServiceAccount. */
  readonly name: string;
  readonly namespace: string;
  readonly storage: StoreSettings;
  /** Estimated size and writes, if known. */
  readonly use?: { readonly bytes: number; readonly puts: number } | undefined;
}

/** The setup that the buckets of some stores require outside the cluster, formatted for a terminal. */
export function printedSetup(stores: readonly Store[]): string {
  const parts = stores.flatMap(({ storage, use, ...user }) =>
    storage.type === 'filesystem'
      ? []
      : [
          ...bucketSetup(storage, user).map((setup) => setupText(user.name, setup)),
          ...(use ? [useText(user.name, use)] : []),
        ],
  );
  return parts.length > 0
    ? parts.join('\n\n')
    : 'no store has a bucket: loki.storage.type and tempo.storage.type are filesystem';
}

function useText(store: string, { bytes, puts }: { bytes: number; puts: number }): string {
  const requests =
    puts >= 1e6 ? `${(puts / 1e6).toFixed(1)} million` : String(Math.round(puts / 1_000) * 1_000);
  return `# ${store}: at most about ${Math.ceil(bytes / 2 ** 30)}Gi once its retention has passed, and ${requests} PUT requests in 30 days (capacity)`;
}

function setupText(store: string, { title, json, commands = [] }: Setup): string {
  return [`# ${store}: ${title}`, ...(json ? [JSON.stringify(json, null, 2)] : commands)].join('\n');
}
