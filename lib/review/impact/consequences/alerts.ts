import { canonical } from '../../diff/canonical';
import { type Json, listAt, textAt } from '../../manifests/json';
import { type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { listed } from '../words';

const ALERT = 'alert ';
const RECORD = 'record ';

/** Alerts that come, go, or fire on something else. */
export function alerts({ changed }: Context): Finding[] {
  return changed
    .filter(({ new: object }) => typeOf(object) === 'monitoring.coreos.com/PrometheusRule')
    .flatMap(({ old, new: next, changes }): Finding[] => {
      const [before, after] = [rulesOf(old), rulesOf(next)];
      const names = (rules: ReadonlyMap<string, string>, kind: string) =>
        [...rules.keys()].filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length));
      const without = (some: readonly string[], others: readonly string[]) =>
        some.filter((name) => !others.includes(name));
      const gone = without(names(before, ALERT), names(after, ALERT));
      const ended = without(names(before, RECORD), names(after, RECORD));
      const added = without(
        [...names(after, ALERT), ...names(after, RECORD)],
        [...names(before, ALERT), ...names(before, RECORD)],
      );
      const other = [...after].flatMap(([name, rule]) =>
        before.has(name) && before.get(name) !== rule ? [name.slice(name.indexOf(' ') + 1)] : [],
      );
      const parts = [
        ...(gone.length > 0 ? [`alerts gone, so that nobody is told any more: ${listed(gone)}`] : []),
        ...(ended.length > 0
          ? [`series that are recorded no more, so that panels that read them end: ${listed(ended)}`]
          : []),
        ...(other.length > 0 ? [`changed: ${listed(other)}`] : []),
        ...(added.length > 0 ? [`new: ${listed(added)}`] : []),
      ];
      if (parts.length === 0) return [];
      return [
        {
          effect: gone.length + ended.length > 0 ? 'deletes' : 'live',
          rule: gone.length + ended.length > 0 ? 'alert-gone' : 'alert',
          object: next,
          title: `${nameOf(next)}: ${parts.join('; ')}`,
          reason:
            'Prometheus reloads its rules. An alert whose labels change is another one: silences by the old labels miss it.',
          source: 'https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/',
          changes: changes.filter(({ path }) => path[0] === 'spec'),
        },
      ];
    });
}

/** Rules by name; several of one name count together. */
function rulesOf({ content }: Manifest): Map<string, string> {
  const rules = new Map<string, string>();
  for (const rule of listAt(content, 'spec', 'groups').flatMap((group): readonly Json[] =>
    listAt(group, 'rules'),
  )) {
    const alert = textAt(rule, 'alert');
    const name = alert === undefined ? `${RECORD}${textAt(rule, 'record') ?? ''}` : `${ALERT}${alert}`;
    rules.set(name, `${rules.get(name) ?? ''}${canonical('', rule)}`);
  }
  return rules;
}
