import { type Json, listAt, textAt } from '../kubernetes/json';
import { type KubernetesObject, typeOf } from '../kubernetes/object';
import type { ComponentReview, ReviewContext } from '../review/component-review';
import { canonical } from '../review/diff/canonical';
import { difference } from '../review/difference';
import { type DraftFinding, draft } from '../review/finding';
import { rule } from '../review/rule';
import { listed } from '../review/words';

/** Kinds that the Prometheus operator turns into the config of Prometheus. */
const MONITORING = ['ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'Probe'].map(
  (kind) => `monitoring.coreos.com/${kind}`,
);

const INFORMING = ['version', 'managed-by', 'part-of'].map(
  (label) => `metadata.labels[app.kubernetes.io/${label}]`,
);

/** Alerts that are added, removed, or changed. */
function alertChanges({ changed }: ReviewContext): DraftFinding[] {
  return changed
    .filter(({ new: object }) => typeOf(object) === 'monitoring.coreos.com/PrometheusRule')
    .flatMap(({ old, new: next, changes: all }): DraftFinding[] => {
      const [before, after] = [rulesOf(old), rulesOf(next)];
      const alerts = difference(before.alert.keys(), after.alert.keys());
      const series = difference(before.record.keys(), after.record.keys());
      const [gone, ended, added] = [alerts.removed, series.removed, [...alerts.added, ...series.added]];
      const different = (['alert', 'record'] as const).flatMap((kind) =>
        [...after[kind]].flatMap(([name, text]) => ((before[kind].get(name) ?? text) === text ? [] : [name])),
      );
      const parts = [
        ...(gone.length > 0 ? [`removed alerts, which no longer notify anyone: ${listed(gone)}`] : []),
        ...(ended.length > 0 ? [`removed recorded series, which panels may read: ${listed(ended)}`] : []),
        ...(different.length > 0 ? [`changed: ${listed(different)}`] : []),
        ...(added.length > 0 ? [`new: ${listed(added)}`] : []),
      ];
      if (parts.length === 0) return [];
      const more = { says: parts.join('; '), changes: all.filter(({ path }) => path[0] === 'spec') };
      return [
        gone.length + ended.length > 0
          ? draft('deletes', 'alert-gone', next, more)
          : draft('live', 'alert', next, more),
      ];
    });
}

/** Alerts and recorded series by name; rules with the same name are combined. */
function rulesOf(object: KubernetesObject): Record<'alert' | 'record', Map<string, string>> {
  const found = { alert: new Map<string, string>(), record: new Map<string, string>() };
  for (const one of listAt(object, 'spec', 'groups').flatMap((group): readonly Json[] =>
    listAt(group, 'rules'),
  )) {
    const kind = textAt(one, 'alert') === undefined ? 'record' : 'alert';
    const name = textAt(one, kind) ?? '';
    found[kind].set(name, `${found[kind].get(name) ?? ''}${canonical('', one)}`);
  }
  return found;
}

/** Effects of changes to objects of the Prometheus operator. */
export const monitoringReview: ComponentReview = {
  texts: 'lib/monitoring/review.md',
  daemon: {
    title: 'Prometheus',
    images: ['prometheus'],
    without: 'scrapes and alerts',
    cost: 'no scraped samples lost',
    downgrade: 'An older Prometheus may be unable to read the blocks of a newer one.',
  },
  rules: [
    rule('live', 'informing-label', MONITORING, INFORMING),
    rule('live', 'monitor-label', MONITORING, ['metadata.labels.**'], {
      when: ({ keys }) => !/^(?:helm\.sh|argocd\.argoproj\.io)\//.test(keys.at(-1) ?? ''),
    }),
    rule('live', 'operator-spec', MONITORING, ['spec.**']),
  ],
  consequences: [alertChanges],
};
