import { matches } from '../../diff/path';
import { at, mapAt, textAt } from '../../manifests/json';
import type { Manifest } from '../../manifests/manifest';
import { selects } from '../pods';
import { inNamespace, kubectlName, kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

/** Replaces a workload and leaves its pods running until the new one takes over. */
const replaceWorkload = ({ new: object }: Versions) => [
  `kubectl delete ${kubectlName(object)} --cascade=orphan   # its pods run on`,
  'apply the new manifests',
  'pods that the new selector does not match stay behind: look at them, then delete them by hand',
];

const replaceStatefulSet = ({ new: object }: Versions) => [
  `kubectl delete ${kubectlName(object)} --cascade=orphan   # its pods and their claims stay`,
  'apply the new manifests; pods that still match the selector are taken over',
];

const growTemplateClaims = ({ new: object }: Versions) => [
  `to grow a volume, edit each claim that the template made: kubectl edit pvc <template>-${object.name}-<number>${inNamespace(object)}`,
  ...replaceStatefulSet({ old: object, new: object }),
  'claims that exist keep what they are; the template counts for pods to come',
];

/** Where the pods of a Job may run, and how they are called: open as long as it is suspended. */
const SCHEDULING = [
  'metadata.**',
  'spec.nodeSelector.**',
  'spec.tolerations.**',
  'spec.affinity.nodeAffinity.**',
].map((path) => `spec.template.${path}`);

/** Whether a strategy leaves to the API server what it fills in, and what nobody then takes away again. */
const leftToDefaults = ({ content }: Manifest, field: string) =>
  Object.keys(mapAt(content, 'spec', field, 'rollingUpdate')).length === 0;

/** Rules about workloads: which fields the API server lets nobody change. */
export const WORKLOAD_RULES: readonly Rule[] = [
  {
    id: 'workload-selector',
    types: ['apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet'],
    paths: ['spec.selector.**'],
    effect: 'refused',
    says: 'its selector cannot be changed',
    reason: 'spec.selector of a workload is immutable, so that no pod is left without an owner.',
    source: kubernetesDocs('concepts/workloads/controllers/deployment/#label-selector-updates'),
    steps: replaceWorkload,
  },
  {
    id: 'template-labels',
    types: ['apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet', 'apps/StatefulSet'],
    paths: ['spec.template.metadata.labels.**'],
    when: (_, { new: { content } }) =>
      !selects(
        mapAt(content, 'spec', 'selector', 'matchLabels'),
        mapAt(content, 'spec', 'template', 'metadata', 'labels'),
      ),
    effect: 'refused',
    says: 'its pods would not have the labels that its selector asks for',
    reason: 'The API server refuses a workload whose selector does not match the labels of its own template.',
    source: kubernetesDocs('concepts/workloads/controllers/deployment/#selector'),
    steps: () => ['give the template the labels of the selector, which cannot be changed'],
  },
  {
    id: 'statefulset-field',
    types: ['apps/StatefulSet'],
    paths: ['spec.**'],
    except: [
      'spec.replicas',
      'spec.template.**',
      'spec.updateStrategy.**',
      'spec.minReadySeconds',
      'spec.ordinals.**',
      'spec.revisionHistoryLimit',
      'spec.persistentVolumeClaimRetentionPolicy.**',
      'spec.volumeClaimTemplates.**',
    ],
    effect: 'refused',
    says: 'this field of a StatefulSet cannot be changed',
    reason:
      'Of the spec of a StatefulSet only replicas, ordinals, template, updateStrategy, revisionHistoryLimit, persistentVolumeClaimRetentionPolicy and minReadySeconds can be changed.',
    source: kubernetesSource('apis/apps/validation/validation.go#L268'),
    steps: replaceStatefulSet,
  },
  {
    id: 'statefulset-claim-templates',
    types: ['apps/StatefulSet'],
    paths: ['spec.volumeClaimTemplates.**'],
    effect: 'refused',
    says: 'its volume claim templates cannot be changed',
    reason: 'spec.volumeClaimTemplates is immutable: not even the size of a volume can be changed there.',
    source: kubernetesSource('apis/apps/validation/validation.go#L268'),
    steps: growTemplateClaims,
  },
  {
    id: 'job-template',
    types: ['batch/Job'],
    paths: ['spec.template.**'],
    when: ({ keys }, { old }) =>
      at(old.content, 'spec', 'suspend') !== true || !SCHEDULING.some((path) => matches(path, keys)),
    effect: 'refused',
    says: 'its pod template cannot be changed',
    reason:
      'The template of a Job is immutable, but for where its pods may run while it is suspended and was never started.',
    source: kubernetesSource('apis/batch/validation/validation.go#L637'),
    steps: ({ new: object }) => [
      `kubectl delete ${kubectlName(object)}   # ends a run that is under way`,
      'apply the new manifests, which starts it anew; or give the new Job another name',
    ],
  },
  {
    id: 'job-field',
    types: ['batch/Job'],
    paths: [
      'spec.selector.**',
      'spec.completionMode',
      'spec.podFailurePolicy.**',
      'spec.backoffLimitPerIndex',
      'spec.managedBy',
      'spec.successPolicy.**',
    ],
    effect: 'refused',
    says: 'this field of a Job cannot be changed',
    reason:
      'selector, completionMode, podFailurePolicy, backoffLimitPerIndex, managedBy and successPolicy of a Job are immutable.',
    source: kubernetesSource('apis/batch/validation/validation.go#L622'),
    steps: ({ new: object }) => [`kubectl delete ${kubectlName(object)}`, 'apply the new manifests'],
  },
  {
    id: 'job-completions',
    types: ['batch/Job'],
    paths: ['spec.completions'],
    when: (_, { new: object }) => textAt(object.content, 'spec', 'completionMode') !== 'Indexed',
    effect: 'refused',
    says: 'its completions cannot be changed',
    reason: 'spec.completions is immutable, but for an Indexed Job, where it changes along with parallelism.',
    source: kubernetesDocs('concepts/workloads/controllers/job/#elastic-indexed-jobs'),
    steps: ({ new: object }) => [`kubectl delete ${kubectlName(object)}`, 'apply the new manifests'],
  },
  {
    id: 'pod-image',
    types: ['Pod'],
    paths: ['spec.containers.*.image', 'spec.initContainers.*.image'],
    effect: 'restarts',
    says: 'the container is restarted with the new image, in place',
    reason:
      'The image is one of the few fields of a Pod that can be changed; the kubelet restarts the container.',
    source: kubernetesDocs('concepts/workloads/pods/#pod-update-and-replacement'),
  },
  {
    id: 'pod-field',
    types: ['Pod'],
    paths: ['spec.**'],
    except: ['spec.activeDeadlineSeconds'],
    effect: 'refused',
    says: 'this field of a Pod cannot be changed',
    reason:
      'Of the spec of a Pod only images and activeDeadlineSeconds can be changed by applying a manifest.',
    source: kubernetesDocs('concepts/workloads/pods/#pod-update-and-replacement'),
    steps: ({ new: object }) => [
      `kubectl delete ${kubectlName(object)}`,
      'apply the new manifests; better, let a Deployment own the pod',
    ],
  },
  {
    id: 'cron-job-template',
    types: ['batch/CronJob'],
    paths: ['spec.**'],
    effect: 'live',
    says: 'its next run takes the change; a run that is under way goes on as it is',
    reason: 'A CronJob can be changed at any time; Jobs that it has started are left alone.',
    source: kubernetesDocs('concepts/workloads/controllers/cron-jobs/#modifying-a-cronjob'),
  },
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
    source: kubernetesSource('apis/apps/validation/validation.go#L566'),
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
    source: kubernetesSource('apis/apps/validation/validation.go'),
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
