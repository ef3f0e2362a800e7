import { kubectlName, kubernetesDocs, kubernetesSource, type Rule, type Versions } from './rule';

const replaceClass = ({ new: object }: Versions) => [
  'add the class under another name, and let new claims name it; volumes that exist keep what they were made with',
  `or, as no volume needs the object once it is made: kubectl delete ${kubectlName(object)}, then apply`,
];

/** Rules about what volumes are made by. */
export const STORAGE_CLASS_RULES: readonly Rule[] = [
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
];
