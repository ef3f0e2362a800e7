import { at, listAt, textAt } from '../../kubernetes/json';
import { claimSize } from '../../kubernetes/requests';
import { matches } from '../diff/path';
import { type ObjectRule, rule } from '../rule';
import { kubernetesSource } from '../words';

/** How to change it anyway. Each has a section with the same name in rules.md. */
type Remedy = 'recreate' | 'adopt-pods' | 'edit-claims' | 'move-data';

type ImmutableRow = readonly [
  id: string,
  type: string,
  fields: readonly string[],
  /** Where Kubernetes enforces it, relative to `pkg/`. */
  source: string,
  remedy: Remedy,
  /** Additional condition beyond the field. */
  condition?: Pick<ObjectRule, 'when' | 'except'>,
];

const CORE = 'apis/core/validation/validation.go';
const APPS = 'apis/apps/validation/validation.go';
const BATCH = 'apis/batch/validation/validation.go';
const RBAC = 'apis/rbac/validation/validation.go';
const STORAGE = 'apis/storage/validation/validation.go';
const EXTENSIONS =
  '../staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go';

const STATEFUL_SET = 'apps/StatefulSet';
const CLAIM = 'PersistentVolumeClaim';
const STORAGE_CLASS = 'storage.k8s.io/StorageClass';
const CRD = 'apiextensions.k8s.io/CustomResourceDefinition';

const inSpec = (...fields: string[]) => fields.map((field) => `spec.${field}`);

const SPEC = ['spec.**'];
const SELECTOR = ['spec.selector.**'];
const TEMPLATES = ['spec.volumeClaimTemplates.**'];
const CONTENT = ['data.**', 'binaryData.**', 'stringData.**', 'immutable'];
const CLASS = ['parameters.**', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'];
const NAMES = inSpec('scope', 'group', 'names.kind', 'names.plural');
const JOB_ONCE = [
  ...inSpec('selector.**', 'completionMode', 'podFailurePolicy.**'),
  ...inSpec('backoffLimitPerIndex', 'managedBy', 'successPolicy.**'),
];
const OPEN_OF_STATEFUL_SET = [
  ...inSpec('replicas', 'minReadySeconds', 'revisionHistoryLimit', 'template.**', 'updateStrategy.**'),
  ...inSpec('ordinals.**', 'persistentVolumeClaimRetentionPolicy.**', 'volumeClaimTemplates.**'),
];
const OPEN_OF_SUSPENDED_JOB = [
  ...inSpec('template.metadata.**', 'template.spec.nodeSelector.**', 'template.spec.tolerations.**'),
  'spec.template.spec.affinity.nodeAffinity.**',
];
const OPEN_OF_POD = inSpec('activeDeadlineSeconds', 'containers.*.image', 'initContainers.*.image');
const CLAIM_SIZE = ['spec.resources.requests.storage'];
const OPEN_OF_CLAIM = [...CLAIM_SIZE, 'spec.volumeAttributesClassName'];

const typeOfService = (object: unknown) => textAt(object, 'spec', 'type') ?? 'ClusterIP';
const firstFamily = (object: unknown) => listAt(object, 'spec', 'ipFamilies')[0];

type When = NonNullable<ObjectRule['when']>;
/** To and from ExternalName, every field of a Service may change. */
const hasClusterIp: When = (_, { old, new: next }) =>
  ![old, next].some((object) => typeOfService(object) === 'ExternalName');
const changesFamily: When = (leaf, versions) =>
  hasClusterIp(leaf, versions) && firstFamily(versions.old) !== firstFamily(versions.new);
const staysPublic: When = (_, { old, new: next }) =>
  [old, next].every((object) => typeOfService(object) === 'LoadBalancer');
const shrinks: When = (_, { old, new: next }) => claimSize(next) < claimSize(old);
const wasImmutable: When = (_, { old }) => at(old, 'immutable') === true;
const isNotIndexed: When = (_, { new: object }) => textAt(object, 'spec', 'completionMode') !== 'Indexed';
const isNotOpen: When = ({ keys }, { old }) =>
  at(old, 'spec', 'suspend') !== true || !OPEN_OF_SUSPENDED_JOB.some((path) => matches(path, keys));
/** A claim without a class may name the class that it got. */
const hadValue: When = ({ keys, old }) => keys[1] !== 'storageClassName' || old !== undefined;

/** Every immutable field of the kinds that this stack or kube-prometheus-stack renders. */
const ROWS: readonly ImmutableRow[] = [
  ['workload-selector', 'apps/Deployment', SELECTOR, `${APPS}#L712`, 'adopt-pods'],
  ['workload-selector', 'apps/DaemonSet', SELECTOR, `${APPS}#L403`, 'adopt-pods'],
  ['statefulset-claim-templates', STATEFUL_SET, TEMPLATES, `${APPS}#L268`, 'edit-claims'],
  ['statefulset-field', STATEFUL_SET, SPEC, `${APPS}#L268`, 'adopt-pods', { except: OPEN_OF_STATEFUL_SET }],
  ['job-field', 'batch/Job', JOB_ONCE, `${BATCH}#L623`, 'recreate'],
  ['job-template', 'batch/Job', ['spec.template.**'], `${BATCH}#L637`, 'recreate', { when: isNotOpen }],
  ['job-completions', 'batch/Job', ['spec.completions'], `${BATCH}#L859`, 'recreate', { when: isNotIndexed }],
  ['pod-field', 'Pod', SPEC, `${CORE}#L5712`, 'recreate', { except: OPEN_OF_POD }],
  ['claim-shrinks', CLAIM, CLAIM_SIZE, `${CORE}#L2513`, 'move-data', { when: shrinks }],
  ['claim-field', CLAIM, SPEC, `${CORE}#L2509`, 'move-data', { except: OPEN_OF_CLAIM, when: hadValue }],
  ['storage-class-field', STORAGE_CLASS, CLASS, `${STORAGE}#L69`, 'recreate'],
  [
    'service-cluster-ip',
    'Service',
    inSpec('clusterIP', 'clusterIPs.**'),
    `${CORE}#L8784`,
    'recreate',
    { when: hasClusterIp },
  ],
  [
    'service-ip-family',
    'Service',
    ['spec.ipFamilies.**'],
    `${CORE}#L8842`,
    'recreate',
    { when: changesFamily },
  ],
  [
    'service-load-balancer-class',
    'Service',
    inSpec('loadBalancerClass'),
    `${CORE}#L8914`,
    'recreate',
    { when: staysPublic },
  ],
  ['immutable-content', 'ConfigMap', CONTENT, `${CORE}#L7491`, 'recreate', { when: wasImmutable }],
  ['immutable-content', 'Secret', CONTENT, `${CORE}#L7434`, 'recreate', { when: wasImmutable }],
  ['secret-type', 'Secret', ['type'], `${CORE}#L7431`, 'recreate'],
  ['role-ref', 'rbac.authorization.k8s.io/RoleBinding', ['roleRef.**'], `${RBAC}#L165`, 'recreate'],
  ['role-ref', 'rbac.authorization.k8s.io/ClusterRoleBinding', ['roleRef.**'], `${RBAC}#L209`, 'recreate'],
  ['custom-resource-definition', CRD, NAMES, `${EXTENSIONS}#L623`, 'recreate'],
];

/** Rules about immutable fields. */
export const IMMUTABLE_RULES: readonly ObjectRule[] = ROWS.map(
  ([id, type, fields, source, remedy, condition]) => {
    const kind = type.replace(/^.*\//, '');
    const except = condition?.except ? `, except ${names(condition.except)}` : '';
    const reason = `The API server refuses the object: ${names(fields)} of a ${kind} cannot be changed${except}.`;
    return rule('refused', id, [type], fields, {
      text: remedy,
      reason,
      source: kubernetesSource(source),
      ...condition,
    });
  },
);

function names(fields: readonly string[]): string {
  return fields.map((field) => `\`${field.replace(/\.\*\*$/, '')}\``).join(', ');
}
