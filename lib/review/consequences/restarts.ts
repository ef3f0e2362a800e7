import { mapAt } from '../../kubernetes/json';
import { isRolling } from '../../kubernetes/kinds';
import type { KubernetesObject } from '../../kubernetes/object';
import { podOf } from '../../kubernetes/pods';
import type { DaemonReview, EffectiveChange, ReviewContext } from '../component-review';
import type { Change } from '../diff/change';
import { keysOf, matches } from '../diff/path';
import { type DraftFinding, draft } from '../finding';
import { daemonOf, imagesOf, tagOf } from '../images';
import { type Rollout, rolloutOf } from '../rollout';

/** Workloads whose pods are replaced because their template changes. */
export function restarts({ changed, cluster, components }: ReviewContext): DraftFinding[] {
  return changed.flatMap((object): DraftFinding[] => {
    const changes = templateChanges(object);
    if (changes.length === 0 || object.refused) return [];
    const rollout = rolloutOf(object.new, cluster.new);
    const daemon = daemonOf(object.new, components);
    const version = versionChange(object);
    const who = daemon ? `${daemon.title} ` : '';
    const cost = [gap(rollout, daemon), ...(daemon ? [daemon.cost] : [])].join(', ');
    const isOrder = changes.every(({ type }) => type === 'reordered');
    const reasons = [
      `Its pod template changes: ${rollout.how}.`,
      ...(isOrder
        ? ['Only the order of entries changes, and the controller compares templates with their order.']
        : []),
      ...(changes.every(({ path }) => isChecksum(keysOf(path).at(-1) ?? ''))
        ? ['Only the checksum of its config changes, which is there to restart it.']
        : []),
      ...(rollout.trap ? [`Trap: ${rollout.trap}.`] : []),
    ];
    const says = rollout.automatic
      ? `${who}restarts once${version}: ${cost}`
      : `${who}is due for a restart${version}: ${rollout.how}`;
    const { outage } = rollout;
    return [
      draft('restarts', 'pod-template', object.new, { says, outage, reason: reasons.join(' '), changes }),
    ];
  });
}

/** What is unavailable, and for how long. */
function gap({ outage, seamless, time }: Rollout, daemon: DaemonReview | undefined): string {
  if (outage) return `${time} without ${daemon?.without ?? 'its service'}`;
  if (seamless) return `without a gap, a new pod takes ${time}`;
  return daemon ? `each pod ${time} without ${daemon.without}` : `each pod is away for ${time}`;
}

/** Whether the pods of a workload are replaced. */
export function isRestarted({ changed, cluster }: ReviewContext, workload: KubernetesObject): boolean {
  return changed.some(
    (object) =>
      object.new === workload &&
      !object.refused &&
      templateChanges(object).length > 0 &&
      rolloutOf(workload, cluster.new).automatic,
  );
}

function templateChanges({ new: object, changes }: EffectiveChange): Change[] {
  return isRolling(object) ? changes.filter(({ path }) => matches('spec.template.**', keysOf(path))) : [];
}

/** Whether an annotation is a checksum of data that pods read: `checksum/config`. */
function isChecksum(key: string): boolean {
  return /checksum|config-?hash|sha(?:256)?sum/i.test(key);
}

/** Annotations of a pod template with a checksum of data that pods read. */
export function checksumsOf(object: KubernetesObject): string[] {
  return Object.keys(mapAt(podOf(object), 'metadata', 'annotations')).filter(isChecksum);
}

/** ` (3.7.6 → 3.8.0)` if images of a pod change their version. */
function versionChange({ old, new: next }: EffectiveChange): string {
  const images = imagesOf(old);
  const steps = [...imagesOf(next)].flatMap(([container, image]) => {
    const [from, to] = [tagOf(images.get(container) ?? ''), tagOf(image)];
    return from && to && from !== to ? [`${from} → ${to}`] : [];
  });
  return steps.length > 0 ? ` (${[...new Set(steps)].join(', ')})` : '';
}
