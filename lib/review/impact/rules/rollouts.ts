import { mapAt } from '../../manifests/json';
import type { Manifest } from '../../manifests/manifest';
import { kubernetesDocs, kubernetesSource, type Rule } from './rule';

/** Whether a strategy leaves to the API server what it fills in, and what nobody then takes away again. */
const leftToDefaults = ({ content }: Manifest, field: string) =>
  Object.keys(mapAt(content, 'spec', field, 'rollingUpdate')).length === 0;

/** Rules about how many pods there are, and how they are replaced. */
export const ROLLOUT_RULES: readonly Rule[] = [
  {
    id: 'replica-set-template',
    types: ['apps/ReplicaSet', 'ReplicationController'],
    paths: ['spec.template.**'],
    effect: 'live',
    says: 'pods that it makes from now on take the change; those that run do not',
    reason: 'A ReplicaSet never replaces pods that match its selector, whatever its template says.',
    source: kubernetesDocs('concepts/workloads/controllers/replicaset/#isolating-pods-from-a-replicaset'),
  },
  {
    id: 'scale-to-zero',
    types: ['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet', 'ReplicationController'],
    paths: ['spec.replicas'],
    when: ({ new: next }) => next === 0,
    effect: 'capacity',
    outage: true,
    says: 'all its pods stop, and nobody is served until it is scaled up again',
    reason: 'The controller deletes pods until there are as many as spec.replicas says.',
    source: kubernetesDocs('concepts/workloads/controllers/deployment/#scaling-a-deployment'),
  },
  {
    id: 'recreate-beside-rolling-update',
    types: ['apps/Deployment'],
    paths: ['spec.strategy.type'],
    when: ({ new: next }, { new: object }) =>
      next === 'Recreate' &&
      Object.keys(mapAt(object.content, 'spec', 'strategy', 'rollingUpdate')).length > 0,
    effect: 'refused',
    says: 'strategy Recreate takes no rollingUpdate',
    reason: 'spec.strategy.rollingUpdate is forbidden when the type is Recreate.',
    source: kubernetesSource('apis/apps/validation/validation.go#L613'),
    steps: () => ['remove spec.strategy.rollingUpdate from the manifest'],
  },
  {
    id: 'recreate-after-default',
    types: ['apps/Deployment'],
    paths: ['spec.strategy.type'],
    when: ({ new: next }, { old }) => next === 'Recreate' && leftToDefaults(old, 'strategy'),
    effect: 'refused',
    says: 'server-side apply refuses strategy Recreate here; plain kubectl apply takes it',
    reason:
      'The API server has filled in rollingUpdate, nobody owns it, so that server-side apply leaves it there; and it is forbidden beside Recreate.',
    source: kubernetesDocs('reference/using-api/server-side-apply/'),
    steps: ({ new: object }) => [
      'with plain kubectl apply: nothing to do',
      `with server-side apply: first write strategy {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}} into ${object.name} and apply it, so that the fields are yours`,
      'then change it to {type: Recreate} in a second commit, which takes them away',
    ],
  },
  {
    id: 'on-delete-after-default',
    types: ['apps/StatefulSet'],
    paths: ['spec.updateStrategy.type'],
    when: ({ new: next }, { old }) => next === 'OnDelete' && leftToDefaults(old, 'updateStrategy'),
    effect: 'refused',
    says: 'updateStrategy OnDelete is refused here',
    reason:
      'The API server has filled in rollingUpdate, which a manifest that leaves it out does not take away; and it is forbidden beside OnDelete.',
    source: kubernetesSource('apis/apps/validation/validation.go#L148'),
    steps: ({ new: object }) => [
      `first write updateStrategy {type: RollingUpdate, rollingUpdate: {partition: 0}} into ${object.name} and apply it, so that the field is yours`,
      'then change it to {type: OnDelete} in a second commit, which takes it away',
    ],
  },
  {
    id: 'update-strategy',
    types: ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'],
    paths: ['spec.strategy.**', 'spec.updateStrategy.**', 'spec.minReadySeconds', 'spec.paused'],
    effect: 'live',
    says: 'pods are replaced in another way from now on',
    reason: 'How pods are replaced is no part of the pod template, so that changing it replaces none.',
    source: kubernetesDocs('concepts/workloads/controllers/deployment/#strategy'),
  },
];
