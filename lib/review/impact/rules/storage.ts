import { isList, textAt } from '../../manifests/json';
import { quantity } from '../units';
import { inNamespace, kubectlName, kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

const size = ({ content }: Versions['old']) =>
  quantity(textAt(content, 'spec', 'resources', 'requests', 'storage'));

/** Moves the data of a claim to a new one; there is no shorter way to a smaller or another volume. */
const moveData = ({ new: object }: Versions) => [
  `add a claim with another name beside ${object.name}; leave ${object.name} in the manifests as it was`,
  'scale the workload that mounts it to 0, so that nothing writes',
  'copy with a pod that mounts both claims (cp -a /old/. /new/), and compare',
  'point the workload at the new claim, apply, look at the data',
  `only then remove ${object.name} from the manifests`,
];

const replaceClass = ({ new: object }: Versions) => [
  'add the class under another name, and let new claims name it; volumes that exist keep what they were made with',
  `or, as no volume needs the object once it is made: kubectl delete ${kubectlName(object)}, then apply`,
];

/** Every sort of volume that a PersistentVolume can be; the sort and all in it are fixed. */
const VOLUME_SOURCES = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'csi',
  'fc',
  'flexVolume',
  'gcePersistentDisk',
  'glusterfs',
  'hostPath',
  'iscsi',
  'local',
  'nfs',
  'portworxVolume',
  'rbd',
  'vsphereVolume',
];

/** Rules about volumes and what they are made by. */
export const STORAGE_RULES: readonly Rule[] = [
  {
    id: 'claim-shrinks',
    types: ['PersistentVolumeClaim'],
    paths: ['spec.resources.requests.storage'],
    when: (_, { old, new: next }) => (size(next) ?? 0) < (size(old) ?? 0),
    effect: 'refused',
    says: 'a volume cannot shrink',
    reason: 'A claim can ask for more than it has, never for less than its volume holds.',
    source: kubernetesDocs('concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims'),
    steps: moveData,
  },
  {
    id: 'claim-grows',
    types: ['PersistentVolumeClaim'],
    paths: ['spec.resources.requests.storage'],
    effect: 'live',
    says: 'the volume grows while it is in use',
    reason:
      'The claim has to be bound, and its StorageClass to say allowVolumeExpansion: true, or the API server refuses. EBS takes one change in six hours.',
    source: kubernetesDocs('concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims'),
  },
  {
    id: 'claim-attributes-class',
    types: ['PersistentVolumeClaim'],
    paths: ['spec.volumeAttributesClassName'],
    effect: 'live',
    says: 'the driver changes the volume in place',
    reason: 'The class of attributes of a bound claim can be changed, if the CSI driver knows how to.',
    source: kubernetesDocs('concepts/storage/volume-attributes-classes/'),
  },
  {
    id: 'claim-field',
    types: ['PersistentVolumeClaim'],
    paths: ['spec.**'],
    effect: 'refused',
    says: 'a claim cannot be changed, but for growing',
    reason:
      'The spec of a claim is immutable after creation except resources.requests and volumeAttributesClassName.',
    source: kubernetesSource('apis/core/validation/validation.go#L2509'),
    steps: moveData,
  },
  {
    id: 'volume-source',
    types: ['PersistentVolume'],
    paths: VOLUME_SOURCES.map((source) => `spec.${source}.**`),
    effect: 'refused',
    says: 'a volume cannot become another one',
    reason: 'Where a PersistentVolume keeps its data is immutable after creation.',
    source: kubernetesSource('apis/core/validation/validation.go#L2210'),
    steps: ({ new: object }) => [
      `set persistentVolumeReclaimPolicy: Retain on ${object.name}, so that nothing deletes the disk behind it`,
      'add a PersistentVolume with another name for the new place',
      'bind a new claim to it, and move the data as for a claim that shrinks',
    ],
  },
  {
    id: 'volume-mode',
    types: ['PersistentVolume'],
    paths: ['spec.volumeMode'],
    effect: 'refused',
    says: 'the mode of a volume cannot be changed',
    reason: 'spec.volumeMode is immutable.',
    source: kubernetesSource('apis/core/validation/validation.go#L2212'),
    steps: () => ['add a PersistentVolume with another name, and move the data'],
  },
  {
    id: 'volume-node-affinity',
    types: ['PersistentVolume'],
    paths: ['spec.nodeAffinity.**'],
    when: (_, { old }) =>
      textAt(old.content, 'spec', 'nodeAffinity') === undefined && 'nodeAffinity' in specOf(old),
    effect: 'refused',
    says: 'the nodes that can mount a volume cannot be changed',
    reason: 'spec.nodeAffinity of a PersistentVolume can be set once.',
    source: kubernetesDocs('concepts/storage/persistent-volumes/#node-affinity'),
    steps: () => ['add a PersistentVolume with another name, and move the data'],
  },
  {
    id: 'storage-class-field',
    types: ['storage.k8s.io/StorageClass'],
    paths: ['parameters.**', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'],
    effect: 'refused',
    says: 'this field of a StorageClass cannot be changed',
    reason: 'parameters, provisioner, reclaimPolicy and volumeBindingMode of a StorageClass are immutable.',
    source: kubernetesSource('apis/storage/validation/validation.go#L69'),
    steps: replaceClass,
  },
  {
    id: 'storage-class-expansion',
    types: ['storage.k8s.io/StorageClass'],
    paths: ['allowVolumeExpansion'],
    when: ({ new: next }) => next !== true,
    effect: 'live',
    says: 'its volumes cannot grow any more',
    reason: 'The API server refuses a claim that asks for more when its class does not allow expansion.',
    source: kubernetesDocs('concepts/storage/storage-classes/#allow-volume-expansion'),
  },
  {
    id: 'volume-attributes-class',
    types: ['storage.k8s.io/VolumeAttributesClass'],
    paths: ['driverName', 'parameters.**'],
    effect: 'refused',
    says: 'this field of a VolumeAttributesClass cannot be changed',
    reason: 'driverName and parameters of a VolumeAttributesClass are immutable.',
    source: kubernetesDocs('concepts/storage/volume-attributes-classes/'),
    steps: replaceClass,
  },
  {
    id: 'csi-driver',
    types: ['storage.k8s.io/CSIDriver'],
    paths: ['spec.attachRequired', 'spec.volumeLifecycleModes.**'],
    effect: 'refused',
    says: 'this field of a CSIDriver cannot be changed',
    reason: 'attachRequired and volumeLifecycleModes of a CSIDriver are immutable.',
    source: kubernetesSource('apis/storage/validation/validation.go#L440'),
    steps: ({ new: object }) => [
      `kubectl delete ${kubectlName(object)}   # volumes that are mounted stay mounted`,
      'apply the new manifests',
    ],
  },
  {
    id: 'reclaim-policy',
    types: ['PersistentVolume'],
    paths: ['spec.persistentVolumeReclaimPolicy'],
    when: ({ new: next }) => next === 'Delete',
    effect: 'data-loss',
    says: 'the disk goes when its claim goes',
    reason: 'With reclaim policy Delete the storage behind a volume is deleted along with its claim.',
    source: kubernetesDocs('concepts/storage/persistent-volumes/#delete'),
    steps: ({ new: object }) => [
      `leave it at Retain, and delete ${object.name} and its disk by hand once nobody needs the data`,
    ],
  },
  {
    id: 'claim-retention-policy',
    types: ['apps/StatefulSet'],
    paths: ['spec.persistentVolumeClaimRetentionPolicy.**'],
    when: ({ new: next }) => next === 'Delete',
    effect: 'data-loss',
    says: 'claims go when the StatefulSet is deleted or scaled down',
    reason:
      'whenDeleted: Delete deletes the claims along with the StatefulSet, whenScaled: Delete those of the pods that a scale-down removes.',
    source: kubernetesDocs('concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention'),
    steps: ({ new: object }) => [
      'leave both at Retain',
      `delete claims that nobody needs by hand: kubectl get pvc${inNamespace(object)}`,
    ],
  },
];

function specOf({ content }: Versions['old']): object {
  const spec = content['spec'];
  return typeof spec === 'object' && spec !== null && !isList(spec) ? spec : {};
}
