import { at } from '../../manifests/json';
import { kubernetesDocs, kubernetesSource, type Rule } from './rule';

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

/** Rules about volumes themselves. */
export const VOLUME_RULES: readonly Rule[] = [
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
    when: (_, { old }) => at(old.content, 'spec', 'nodeAffinity') !== undefined,
    effect: 'refused',
    says: 'the nodes that can mount a volume cannot be changed',
    reason: 'spec.nodeAffinity of a PersistentVolume can be set once.',
    source: kubernetesDocs('concepts/storage/persistent-volumes/#node-affinity'),
    steps: () => ['add a PersistentVolume with another name, and move the data'],
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
];
