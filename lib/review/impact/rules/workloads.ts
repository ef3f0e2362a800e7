import { mapAt } from '../../manifests/json';
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
  'pods that do not match it are in the way of new ones of the same name: delete them, one after the other',
];

const growTemplateClaims = ({ new: object }: Versions) => [
  `to grow a volume, edit each claim that the template made: kubectl edit pvc <template>-${object.name}-<number>${inNamespace(object)}`,
  ...replaceStatefulSet({ old: object, new: object }),
  'claims that exist keep what they are; the template counts for pods to come',
];

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
];
