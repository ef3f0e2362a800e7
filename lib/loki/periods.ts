import * as z from 'zod';
import { choice, optional, text } from '../values/fields';
import { rule } from '../values/rule';

/** First day on which a new Loki writes. Earlier lines are never sent. */
const FIRST_DAY = '2024-04-01';

/** Names of the stores in `loki.yaml` and in values files. */
const STORES = ['filesystem', 's3', 'gcs', 'azure'] as const;
type Store = (typeof STORES)[number];

/** A period in which Loki writes to one store, until the next period starts. */
export interface Period {
  /** The first day, in UTC, for example `2026-12-05`. */
  readonly from: string;
  readonly store: Store;
}

const day = () =>
  text(
    'a day such as "2026-12-05"',
    /^20\d\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))$/,
    10,
  );

/** The store of new logs, by first day. Loki uses it to find old logs, so a period that has started must not change. */
export const periodsSettings = optional(
  z.record(day(), choice(STORES), { error: 'must be a map of days' }),
).describe(
  'The store of new logs by the day from which it is used, in UTC: filesystem, s3, gcs or azure. null ' +
    'uses loki.storage.type for all days. To move to a bucket, add a day in the future; see ' +
    'docs/object-storage.md.',
);

/** The settings that determine the periods. */
export interface Stored {
  readonly periods: Readonly<Record<string, Store>> | undefined;
  readonly storage: { readonly type: Store; readonly prefix?: string | undefined };
}

/** The periods in chronological order. */
export function periodsOf({ periods, storage }: Stored): Period[] {
  return Object.entries(periods ?? { [FIRST_DAY]: storage.type })
    .map(([from, store]) => ({ from, store }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** Rules for periods that are invalid regardless of earlier ones. */
export const PERIOD_RULES = [
  rule<Stored>(['periods', 'storage.type'], (settings) => {
    const { type } = settings.storage;
    const found = periodsOf(settings);
    const other = found.find(({ store }) => store !== type && store !== 'filesystem');
    if (found.length === 0) return 'must contain a day';
    if (other !== undefined)
      return `must not name ${other.store} (${other.from}) with loki.storage.type ${type}: loki.storage describes only one bucket`;
    return found.at(-1)?.store === type
      ? undefined
      : `must end with ${type} (loki.storage.type): add a day in the future, such as "${FIRST_DAY.replace('2024', '2030')}": ${type}, and keep the others`;
  }),
  rule<Stored>(['storage.prefix', 'periods', 'storage.type'], (settings) =>
    settings.storage.prefix !== undefined && periodsOf(settings).some(({ store }) => store === 'filesystem')
      ? 'must be null with a period of filesystem in loki.periods: Loki would look for these logs below the prefix too; use a separate bucket'
      : undefined,
  ),
];
