import { keysOf, matches } from '../../diff/path';
import { at, mapAt } from '../../manifests/json';
import { type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context, EffectiveChange } from '../context';
import { type Daemon, daemonOf, imagesOf, imageTag } from '../daemons';
import type { Finding } from '../finding';
import { podOf, ROLLING } from '../pods';
import { type Rollout, rolloutOf } from '../rollout';
import { kubernetesDocs, kubernetesSource } from '../rules/rule';

const SOURCES: Readonly<Record<string, string>> = {
  'apps/Deployment': kubernetesDocs('concepts/workloads/controllers/deployment/#updating-a-deployment'),
  'apps/StatefulSet': kubernetesDocs('concepts/workloads/controllers/statefulset/#rolling-updates'),
  'apps/DaemonSet': kubernetesDocs('tasks/manage-daemon/update-daemon-set/'),
};

/** Where the controller compares templates. */
const ORDER = kubernetesSource('controller/deployment/util/deployment_util.go#L619');

/** Workloads whose pods are replaced, as their template changes. */
export function restarts({ changed, cluster }: Context): Finding[] {
  return changed.flatMap((object): Finding[] => {
    const changes = templateChanges(object);
    if (changes.length === 0 || object.refused) return [];
    const rollout = rolloutOf(object.new, cluster.new);
    const daemon = daemonOf(object.new);
    const name = daemon ? `${daemon.title} (${nameOf(object.new)})` : nameOf(object.new);
    const version = versionChange(object);
    const title = rollout.automatic
      ? `${name} restarts once${version}: ${[gap(rollout, daemon), ...(daemon ? [daemon.cost] : [])].join(', ')}`
      : `${name} is to restart${version}: ${rollout.how}`;
    const isOrder = changes.every(({ type }) => type === 'reordered');
    const order = isOrder
      ? ' Only the order of entries changes, and the controller compares templates with their order.'
      : '';
    const config = changes.every(({ path }) => isChecksum(keysOf(path).at(-1) ?? ''))
      ? ' Only the checksum of its configuration changes, which is there to restart it.'
      : '';
    return [
      {
        effect: 'restarts',
        rule: 'pod-template',
        object: object.new,
        title,
        outage: rollout.outage,
        reason: [
          `Its pod template changes: ${rollout.how}.${order}${config}`,
          ...(rollout.trap ? [`Trap: ${rollout.trap}.`] : []),
        ].join(' '),
        source: isOrder ? ORDER : (SOURCES[typeOf(object.new)] ?? kubernetesDocs('concepts/workloads/')),
        changes,
      },
    ];
  });
}

/** For how long who misses what. */
function gap({ outage, rolling, time }: Rollout, daemon: Daemon | undefined): string {
  if (outage) return `${time} without ${daemon?.without ?? 'its service'}`;
  if (rolling) return `without a gap, a new pod takes ${time}`;
  return daemon ? `each pod ${time} without ${daemon.without}` : `each pod is away for ${time}`;
}

/** Whether the pods of a workload are replaced by a review. */
export function isRestarted({ changed, cluster }: Context, workload: Manifest): boolean {
  return changed.some(
    (object) =>
      object.new === workload &&
      !object.refused &&
      templateChanges(object).length > 0 &&
      rolloutOf(workload, cluster.new).automatic,
  );
}

function templateChanges({ new: object, changes }: EffectiveChange) {
  if (!ROLLING.includes(typeOf(object))) return [];
  return changes.filter(({ path }) => matches('spec.template.**', keysOf(path)));
}

/** Annotations that carry a checksum of what pods read: `checksum/config`. */
function isChecksum(key: string): boolean {
  return /checksum|config-?hash|sha(?:256)?sum/i.test(key);
}

/** The checksums that a pod template carries. */
export function checksumsOf(object: Manifest): string[] {
  const annotations = mapAt(podOf(object), 'metadata', 'annotations');
  return Object.keys(annotations).filter((key) => isChecksum(key) && at(annotations, key) !== undefined);
}

/** `, 3.7.6 → 3.8.0` where images of a pod change their version. */
function versionChange({ old, new: next }: EffectiveChange): string {
  const [before, after] = [podOf(old), podOf(next)];
  if (!before || !after) return '';
  const images = imagesOf(before);
  const steps = [...imagesOf(after)].flatMap(([container, image]) => {
    const [from, to] = [imageTag(images.get(container) ?? ''), imageTag(image)];
    return from && to && from !== to ? [`${from} → ${to}`] : [];
  });
  return steps.length > 0 ? ` (${[...new Set(steps)].join(', ')})` : '';
}
