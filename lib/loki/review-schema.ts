import { listAt, textAt } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { canonical } from '../review/diff/canonical';

/** The effect of a changed schema period on logs. */
export function schemaFindings({ old, new: next, today }: ConfigVersions): ConfigFinding[] {
  const periods = (config: unknown) =>
    new Map(
      listAt(config, 'schema_config', 'configs').map((one) => [
        textAt(one, 'from') ?? '',
        canonical('', one),
      ]),
    );
  const [before, after] = [periods(old), periods(next)];
  const paths = ['schema_config'];
  const lost = (rule: string, says: string): ConfigFinding => ({ effect: 'data-loss', rule, says, paths });
  // Nothing has been written under a period that has not started.
  const begun = [...before].filter(([from]) => from <= today);
  const added = [...after.keys()].filter((from) => !before.has(from) && before.size > 0);
  const found = [
    ...begun
      .filter(([from]) => !after.has(from))
      .map(([from]) =>
        lost(
          'loki-period-gone',
          `the schema period from ${from} was removed: its logs can no longer be found`,
        ),
      ),
    ...begun
      .filter(([from, period]) => after.has(from) && after.get(from) !== period)
      .map(([from]) =>
        lost(
          'loki-period-changed',
          `the schema period from ${from} changes: its logs can no longer be found`,
        ),
      ),
    ...added
      .filter((from) => from <= today)
      .map((from) =>
        lost(
          'loki-period-backdated',
          `a new schema period starts on ${from}, which is not in the future: logs written since then can no longer be found`,
        ),
      ),
  ];
  const moves = added.flatMap((from) => {
    const store = storeOf(next, from);
    const before = storeBefore(next, from);
    return store === before ? [] : [`from ${from} on, new logs go to ${store}; older ones stay in ${before}`];
  });
  if (found.length === 0 && moves.length > 0)
    return [{ effect: 'live', rule: 'loki-period-store', says: moves.join('; '), paths }];
  const isChanged = JSON.stringify([...before]) !== JSON.stringify([...after]);
  return found.length === 0 && isChanged ? [{ effect: 'live', rule: 'loki-period-new', paths }] : found;
}

/** The store of a period. */
function storeOf(config: unknown, from: string): string | undefined {
  const found = listAt(config, 'schema_config', 'configs').find((one) => textAt(one, 'from') === from);
  return textAt(found, 'object_store');
}

/** The store of the period before a day. */
function storeBefore(config: unknown, day: string): string | undefined {
  const days = listAt(config, 'schema_config', 'configs').map((one) => textAt(one, 'from') ?? '');
  return storeOf(
    config,
    days
      .filter((from) => from < day)
      .sort()
      .at(-1) ?? day,
  );
}
