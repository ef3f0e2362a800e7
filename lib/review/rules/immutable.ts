import { at, listAt, textAt } from '../../kubernetes/json';
import { claimSize } from '../../kubernetes/requests';
import { matches } from '../diff/path';
import { type ObjectRule, rule } from '../rule';
import { kubernetesSource } from '../words';

/** How to change it anyway; each has a section of the same name in rules.md. */
type Remedy = 'recreate' | 'adopt-pods' | 'edit-claims' | 'move-data';

type ImmutableRow = readonly [
  id: string,
  type: string,
  fields: readonly string[],
  /** Where Kubernetes enforces it, below `pkg/`. */
  source: string,
  remedy: Remedy,
  /** Where it depends on more than the field. */
  condition?: Pick<ObjectRule, 'when' | 'except'>,
];

const CORE = 'apis/core/validation/validation.go';
const APPS = 'apis/apps/validation/validation.go';
const BATCH = 'apis/batch/validation/validation.go';
const RBAC = 'rbac.authorization.k8s.io';
const CRD = 'apiextensions.k8s.io/CustomResourceDefinition';
const EXTENSIONS =
  '../staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go';

const inSpec = (...fields: string[]) => fields.map((field) => `spec.${field}`);

const STORAGE_CLASS = ['parameters.**', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'];
const JOB = [
  ...inSpec('selector.**', 'completionMode', 'podFailurePolicy.**'),
  ...inSpec('backoffLimitPerIndex', 'managedBy', 'successPolicy.**'),
];
const OPEN_OF_STATEFUL_SET = [
  ...inSpec('replicas', 'minReadySeconds', 'revisionHistoryLimit', 'template.**', 'updateStrategy.**'),
  ...inSpec('ordinals.**', 'persistentVolumeClaimRetentionPolicy.**', 'volumeClaimTemplates.**'),
];
const OPEN_OF_SUSPENDED_JOB = inSpec(
  ...['metadata.**', 'spec.nodeSelector.**', 'spec.tolerations.**', 'spec.affinity.nodeAffinity.**'].map(
    (field) => `template.${field}`,
  ),
);
const OPEN_OF_CLAIM = inSpec('resources.requests.storage', 'volumeAttributesClassName');

const typeOfService = (object: unknown) => textAt(object, 'spec', 'type') ?? 'ClusterIP';
const firstFamily = (object: unknown) => listAt(object, 'spec', 'ipFamilies')[0];

type When = NonNullable<ObjectRule['when']>;
/** To and from ExternalName, everything of a Service may change. */
const hasClusterIp: When = (_, { old, new: next }) =>
  ![old, next].some((object) => typeOfService(object) === 'ExternalName');
const changesFamily: When = (leaf, versions) =>
  hasClusterIp(leaf, versions) && firstFamily(versions.old) !== firstFamily(versions.new);
const staysLoadBalancer: When = (_, { old, new: next }) =>
  [old, next].every((object) => typeOfService(object) === 'LoadBalancer');
const shrinks: When = (_, { old, new: next }) => claimSize(next) < claimSize(old);
const wasImmutable: When = (_, { old }) => at(old, 'immutable') === true;
const isNotIndexed: When = (_, { new: object }) => textAt(object, 'spec', 'completionMode') !== 'Indexed';
const isNotOpen: When = ({ keys }, { old }) =>
  at(old, 'spec', 'suspend') !== true || !OPEN_OF_SUSPENDED_JOB.some((path) => matches(path, keys));
/** A claim without a class may name the one that it got. */
const hadValue: When = ({ keys, old }) => keys[1] !== 'storageClassName' || old !== undefined;

/** Every immutable field of the kinds that this stack or kube-prometheus-stack renders. */
const ROWS: readonly ImmutableRow[] = [
  ...['apps/Deployment', 'apps/DaemonSet'].map(
    (type): ImmutableRow => ['workload-selector', type, ['spec.selector.**'], APPS, 'adopt-pods'],
  ),
  [
    'statefulset-claim-templates',
    'apps/StatefulSet',
    ['spec.volumeClaimTemplates.**'],
    `${APPS}#L268`,
    'edit-claims',
  ],
  [
    'statefulset-field',
    'apps/StatefulSet',
    ['spec.**'],
    `${APPS}#L268`,
    'adopt-pods',
    { except: OPEN_OF_STATEFUL_SET },
  ],
  ['job-field', 'batch/Job', JOB, `${BATCH}#L622`, 'recreate'],
  ['job-template', 'batch/Job', ['spec.template.**'], `${BATCH}#L637`, 'recreate', { when: isNotOpen }],
  ['job-completions', 'batch/Job', ['spec.completions'], BATCH, 'recreate', { when: isNotIndexed }],
  [
    'pod-field',
    'Pod',
    ['spec.**'],
    CORE,
    'recreate',
    { except: inSpec('activeDeadlineSeconds', '*.*.image') },
  ],
  [
    'claim-shrinks',
    'PersistentVolumeClaim',
    [OPEN_OF_CLAIM[0] ?? ''],
    `${CORE}#L2509`,
    'move-data',
    { when: shrinks },
  ],
  [
    'claim-field',
    'PersistentVolumeClaim',
    ['spec.**'],
    `${CORE}#L2509`,
    'move-data',
    { except: OPEN_OF_CLAIM, when: hadValue },
  ],
  [
    'storage-class-field',
    'storage.k8s.io/StorageClass',
    STORAGE_CLASS,
    'apis/storage/validation/validation.go#L69',
    'recreate',
  ],
  [
    'service-cluster-ip',
    'Service',
    inSpec('clusterIP', 'clusterIPs.**'),
    CORE,
    'recreate',
    { when: hasClusterIp },
  ],
  ['service-ip-family', 'Service', ['spec.ipFamilies.**'], CORE, 'recreate', { when: changesFamily }],
  [
    'service-load-balancer-class',
    'Service',
    ['spec.loadBalancerClass'],
    CORE,
    'recreate',
    { when: staysLoadBalancer },
  ],
  ...['ConfigMap', 'Secret'].map(
    (type): ImmutableRow => [
      'immutable-content',
      type,
      ['data.**', 'binaryData.**', 'stringData.**', 'immutable'],
      CORE,
      'recreate',
      { when: wasImmutable },
    ],
  ),
  ['secret-type', 'Secret', ['type'], `${CORE}#L7431`, 'recreate'],
  ...['RoleBinding', 'ClusterRoleBinding'].map(
    (kind): ImmutableRow => [
      'role-ref',
      `${RBAC}/${kind}`,
      ['roleRef.**'],
      'apis/rbac/validation/validation.go',
      'recreate',
    ],
  ),
  [
    'custom-resource-definition',
    CRD,
    inSpec('scope', 'group', 'names.kind', 'names.plural'),
    EXTENSIONS,
    'recreate',
  ],
];

/** Rules about immutable fields. */
export const IMMUTABLE_RULES: readonly ObjectRule[] = ROWS.map(
  ([id, type, fields, source, remedy, condition]) =>
    rule('refused', id, [type], fields, {
      text: remedy,
      reason: `The API server refuses the object: ${names(fields)} of a ${type.replace(/^.*\//, '')} cannot be changed${condition?.except ? `, except ${names(condition.except)}` : ''}.`,
      source: kubernetesSource(source),
      ...condition,
    }),
);

function names(fields: readonly string[]): string {
  return fields.map((field) => `\`${field.replace(/\.\*\*$/, '')}\``).join(', ');
}
