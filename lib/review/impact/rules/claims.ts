import { textAt } from '../../manifests/json';
import { quantity } from '../units';
import { inNamespace, kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

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

/** Rules about claims of volumes. */
export const CLAIM_RULES: readonly Rule[] = [
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
    id: 'claim-class-named',
    types: ['PersistentVolumeClaim'],
    paths: ['spec.storageClassName'],
    when: ({ old }) => old === undefined,
    effect: 'unknown',
    says: 'it names a class, which is refused unless it is the one that the claim was given when it was made',
    reason:
      'A claim without a class is given the default one of the cluster, which cannot be seen from here, and keeps it.',
    source: kubernetesDocs(
      'concepts/storage/persistent-volumes/#retroactive-default-storageclass-assignment',
    ),
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
