import { type Check, type Finding, fail, notRequired, ok, unknown, warn } from '../check';
import type { Cluster } from '../cluster';
import { type Desired, isOwn, unique } from '../desired';
import type { ObjectOf } from '../kinds';
import { isAutoMode, isVirtual, names } from '../nodes';
import { runs } from '../pods';

type Class = ObjectOf<'StorageClass'>;

const EBS = 'ebs.csi.aws.com';
const AUTO_MODE_EBS = 'ebs.csi.eks.amazonaws.com';

/** CSI drivers that replaced in-tree volume plugins. */
const MIGRATED: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': EBS,
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};

const driverOf = ({ provisioner }: Class) => MIGRATED[provisioner] ?? provisioner;

const isDefault = ({ metadata }: Class) =>
  metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';

/** The StorageClass of every volume exists, can expand volumes, binds late, and has its driver on the nodes. */
export const storageClass: Check = {
  id: 'storage-class',
  source: 'https://kubernetes.io/docs/concepts/storage/storage-classes/',
  command: 'get storageclasses,csidrivers',
  *assess(desired, cluster) {
    const claims = claimsOf(desired);
    if (claims.length === 0) return notRequired('no volumes are rendered');
    for (const name of unique(claims.map(({ storageClassName }) => storageClassName))) {
      const created = desired.kind('StorageClass').find(({ metadata }) => metadata.name === name);
      const existing = created === undefined ? cluster.all('StorageClass') : [];
      const found = existing.find((one) =>
        name === undefined ? isDefault(one) : one.metadata.name === name,
      );
      if (created !== undefined) yield driver(created, cluster);
      else if (found === undefined) yield missing(name, existing, desired, cluster);
      else yield* judgeClass(found, cluster);
    }
    return undefined;
  },
};

/** Every volume: of a claim, or of each pod of a StatefulSet. */
function claimsOf(desired: Desired) {
  return [
    ...desired.kind('PersistentVolumeClaim').map(({ metadata, spec }) => ({ owner: metadata.name, spec })),
    ...desired
      .kind('StatefulSet')
      .flatMap(({ metadata, spec }) =>
        (spec?.volumeClaimTemplates ?? []).map((claim) => ({ owner: metadata.name, spec: claim.spec })),
      ),
  ].map(({ owner, spec }) => ({ owner, storageClassName: spec?.storageClassName }));
}

function missing(
  name: string | undefined,
  existing: readonly Class[],
  desired: Desired,
  cluster: Cluster,
): Finding {
  const waiting = unique(claimsOf(desired).map((claim) => claim.owner));
  const observed = `${name === undefined ? 'no StorageClass is the default' : `StorageClass ${name} does not exist`}: ${waiting.join(', ')} would stay Pending`;
  const other = existing.find(({ allowVolumeExpansion }) => allowVolumeExpansion === true) ?? existing[0];
  const hasEbs = cluster.seen('CSIDriver').some(({ metadata }) => metadata.name === EBS);
  if (name !== undefined && hasEbs && !cluster.seen('Node').some(isAutoMode))
    return fail(existing, observed, 'let the stack create it for the EBS CSI driver, which is installed', {
      values: { storageClass: { create: true } },
    });
  if (other === undefined)
    return fail(existing, observed, 'install a CSI driver, and create a StorageClass for it');
  return fail(existing, observed, `use ${other.metadata.name}, which exists`, {
    values: { cluster: { storageClassName: other.metadata.name } },
  });
}

function* judgeClass(found: Class, cluster: Cluster): Generator<Finding> {
  const { name } = found.metadata;
  const patch = cluster.kubectl(`patch storageclass ${name} -p '{"allowVolumeExpansion":true}'`);
  const [expands, late] = [
    found.allowVolumeExpansion === true,
    found.volumeBindingMode === 'WaitForFirstConsumer',
  ];
  if (!expands)
    yield warn(
      [found],
      `StorageClass ${name} does not allow volume expansion`,
      `if its driver can expand volumes: ${patch}`,
    );
  if (!late)
    yield warn(
      [found],
      `StorageClass ${name} binds immediately: a volume may be created in a zone without room for its pod`,
      'use a class with volumeBindingMode: WaitForFirstConsumer (the field is immutable), unless all nodes are in one zone',
    );
  const usable = driver(found, cluster);
  if (usable.verdict !== 'ok' || (expands && late)) yield usable;
}

/** Whether volumes of a class can be created and mounted on the nodes. */
function driver(one: Class, cluster: Cluster): Finding {
  const name = driverOf(one);
  const about = `StorageClass ${one.metadata.name} (${one.provisioner}, ${one.volumeBindingMode ?? 'Immediate'})`;
  const nodes = cluster.seen('Node').filter((node) => !isVirtual(node));
  const automatic = nodes.filter(isAutoMode);
  if (name === AUTO_MODE_EBS && automatic.length > 0) return ok([one, ...automatic], `${about} is usable`);
  if (name === EBS && automatic.length > 0) {
    const usable = cluster.seen('StorageClass').find((other) => driverOf(other) === AUTO_MODE_EBS);
    const problem = automatic.length === nodes.length ? fail : warn;
    return problem(
      [one, ...automatic],
      `${about} cannot mount volumes on ${names(automatic)}: EKS Auto Mode has the driver ${AUTO_MODE_EBS}`,
      usable
        ? `use ${usable.metadata.name}, whose provisioner is that driver`
        : `create a StorageClass with the provisioner ${AUTO_MODE_EBS}, and set cluster.storageClassName`,
      isOwn(one)
        ? { values: { storageClass: { provisioner: AUTO_MODE_EBS } } }
        : usable && { values: { cluster: { storageClassName: usable.metadata.name } } },
    );
  }
  // rancher.io/local-path has no CSI driver but a Deployment local-path-provisioner. openebs.io/local is too short to
  // match.
  const [, vendor = '', kind = ''] = /^([^./]+)[^/]*\/(.+)$/.exec(name) ?? [];
  if (kind !== '') {
    const word = kind.length < 'hostpath'.length ? vendor : kind;
    const provisioners = cluster.workloads.filter(
      (workload) =>
        workload.metadata.name.includes(word) || runs(workload, ({ image }) => (image ?? '').includes(word)),
    );
    return provisioners.length > 0
      ? ok([one, ...provisioners], `${about} is usable`)
      : unknown(
          [one],
          `${about} has no CSI driver, and no workload of its provisioner was found`,
          `check that it runs: ${cluster.kubectl('get pods --all-namespaces')}`,
        );
  }
  const installed = cluster.all('CSIDriver').filter(({ metadata }) => metadata.name === name);
  if (installed.length > 0) return ok([one, ...installed], `${about} is usable`);
  return fail(
    [one],
    `${about} requires the driver ${name}, which is not installed`,
    name === EBS ? 'install the EKS add-on aws-ebs-csi-driver' : `install ${name}`,
  );
}
