import { canonical } from '../../diff/canonical';
import { type Json, listAt, textAt } from '../../manifests/json';
import type { ConfigFinding, ConfigVersions } from './config';

/** What becomes of logs when the periods of Loki's schema change. */
export function schemaFindings({ old, new: next, today }: ConfigVersions): ConfigFinding[] {
  const periods = (config: Json) =>
    new Map(listAt(config, 'schema_config', 'configs').map((one) => [textAt(one, 'from') ?? '', one]));
  const [before, after] = [periods(old), periods(next)];
  const finding = (rule: string, title: string, steps: readonly string[]): ConfigFinding => ({
    effect: 'data-loss',
    rule,
    title,
    reason:
      'Chunks are found by the schema, index and store of the period that they were written in; under another one they cannot be found any more.',
    source: 'https://grafana.com/docs/loki/latest/operations/storage/schema/',
    steps,
    paths: ['schema_config.**'],
  });
  const asItWas =
    'leave every period that has begun as it was, and add a new one behind it that begins in the future';
  return [
    ...[...before].flatMap(([from, period]): ConfigFinding[] => {
      // Nothing is written yet under a period that has not begun.
      if (from > today) return [];
      const now = after.get(from);
      if (now === undefined)
        return [
          finding(
            'loki-period-gone',
            `the schema period from ${from} is gone: logs written under it cannot be found`,
            [asItWas],
          ),
        ];
      return canonical('', now) === canonical('', period)
        ? []
        : [
            finding(
              'loki-period-changed',
              `the schema period from ${from} is another one: logs written under it cannot be found`,
              [asItWas],
            ),
          ];
    }),
    ...[...after.keys()].flatMap((from): ConfigFinding[] =>
      before.has(from) || before.size === 0 || from > today
        ? []
        : [
            finding(
              'loki-period-backdated',
              `a new schema period begins on ${from}, which is not in the future: logs written since then cannot be found`,
              [
                `let it begin after the day on which it is applied everywhere, such as two days after ${today}`,
              ],
            ),
          ],
    ),
  ];
}
