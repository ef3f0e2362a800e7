import { canonical } from '../../diff/canonical';
import { type Json, listAt, textAt } from '../../manifests/json';
import { type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { listed } from '../words';

/** Alerts that come, go, or fire on something else. */
export function alerts({ changed }: Context): Finding[] {
  return changed
    .filter(({ new: object }) => typeOf(object) === 'monitoring.coreos.com/PrometheusRule')
    .flatMap(({ old, new: next, changes }): Finding[] => {
      const [before, after] = [rulesOf(old), rulesOf(next)];
      const added = [...after.keys()].filter((name) => !before.has(name));
      const gone = [...before.keys()].filter((name) => !after.has(name));
      const other = [...after].flatMap(([name, rule]) =>
        before.has(name) && before.get(name) !== rule ? [name] : [],
      );
      const parts = [
        ...(gone.length > 0 ? [`gone, and nobody is told any more: ${listed(gone)}`] : []),
        ...(other.length > 0 ? [`changed: ${listed(other)}`] : []),
        ...(added.length > 0 ? [`new: ${listed(added)}`] : []),
      ];
      if (parts.length === 0) return [];
      return [
        {
          effect: gone.length > 0 ? 'deletes' : 'live',
          rule: gone.length > 0 ? 'alert-gone' : 'alert',
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
    const name = textAt(rule, 'alert') ?? textAt(rule, 'record') ?? '';
    rules.set(name, `${rules.get(name) ?? ''}${canonical('', rule)}`);
  }
  return rules;
}
