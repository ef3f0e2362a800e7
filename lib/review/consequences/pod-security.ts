import { textAt } from '../../kubernetes/json';
import { type KubernetesObject, nameOf, typeOf } from '../../kubernetes/object';
import { admitsLevel, levelIndex, POD_SECURITY_LABEL, violationsOf } from '../../kubernetes/pod-security';
import { podOf } from '../../kubernetes/pods';
import type { ReviewContext } from '../component-review';
import { keysOf } from '../diff/path';
import { type DraftFinding, draft } from '../finding';
import { listed } from '../words';
import { workloadsIn } from './readers';

const ENFORCE = `${POD_SECURITY_LABEL}enforce`;

const levelOf = (namespace: KubernetesObject | undefined) => textAt(namespace, 'metadata', 'labels', ENFORCE);

/** Namespaces with a stricter Pod Security level, and the pods that it rejects. */
export function podSecurity({ applied, cluster }: ReviewContext): DraftFinding[] {
  return applied
    .filter(({ new: object }) => typeOf(object) === 'Namespace')
    .flatMap(({ old, new: object, changes: all }) => {
      const level = levelOf(object);
      if (levelIndex(level) <= levelIndex(levelOf(old))) return [];
      const changes = all.filter(({ path }) =>
        keysOf(path).some((key) => key === ENFORCE || key === 'labels'),
      );
      const refused = workloadsIn(cluster.new, object.metadata.name).flatMap((workload) => {
        const reasons = violationsOf(podOf(workload)).filter((one) => !admitsLevel(level, one.level));
        return reasons.length > 0 ? [`${nameOf(workload)} (${listed(reasons.map(({ what }) => what))})`] : [];
      });
      const says = `enforces ${level}, which refuses new pods of ${listed(refused)}`;
      return refused.length > 0
        ? [draft('refused', 'pods-not-admitted', object, { says, changes, outage: true })]
        : [draft('unknown', 'pods-may-not-be-admitted', object, { detail: ` (${level})`, changes })];
    });
}
