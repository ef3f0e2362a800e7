import { type Check, type Finding, fail, ok, warn } from '../check';
import type { Cluster } from '../cluster';
import type { Claim, StorageClass } from '../kinds';
import { unique, type Wanted } from '../wanted';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const EBS = 'ebs.csi.aws.com';

/** Drivers that took over from volume plug-ins of Kubernetes itself. */
const MIGRATED: Record<string, string> = {
  'kubernetes.io/aws-ebs': EBS,
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
};

/** The StorageClass of every volume is there, can grow volumes, binds late, and has its driver. */
export const storageClass: Check = {
  id: 'storage-class',
  source: 'https://kubernetes.io/docs/concepts/storage/storage-classes/',
  judge(wanted, cluster) {
    const created = wanted.kind('StorageClass').map(({ metadata }) => metadata.name);
    const names = unique(wanted.claims.map(({ spec }) => spec.storageClassName));
    return names.flatMap((name) => {
      if (name !== undefined && created.includes(name))
        return [driver(EBS, cluster, `StorageClass ${name}, which is created`)];
      const existing = cluster.all<StorageClass>('StorageClass');
      const found =
        name === undefined ? defaultClass(existing) : existing.find(({ metadata }) => metadata.name === name);
      return found === undefined ? [missing(name, existing, cluster, wanted)] : judgeClass(found, cluster);
    });
  },
};

function defaultClass(existing: readonly StorageClass[]): StorageClass | undefined {
  return existing.find(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true');
}

function missing(
  name: string | undefined,
  existing: readonly StorageClass[],
  cluster: Cluster,
  { claims }: Wanted,
): Finding {
  const waiting = claims.map((claim: Claim) => claim.metadata.name).join(', ');
  const evidence = `${name === undefined ? 'no StorageClass is the default' : `there is no StorageClass ${name}`}: ${waiting} would stay Pending`;
  const other = existing.find(({ allowVolumeExpansion }) => allowVolumeExpansion === true) ?? existing[0];
  const hasEbs = cluster.all('CSIDriver').some(({ metadata }) => metadata.name === EBS);
  if (hasEbs && name !== undefined)
    return fail(evidence, 'let the stack create it, for the EBS CSI driver that is there', {
      ours: { storageClass: { create: true } },
    });
  if (other === undefined) return fail(evidence, 'install a CSI driver, and create a StorageClass for it');
  return fail(evidence, `take ${other.metadata.name}, which is there`, {
    ours: { cluster: { storageClassName: other.metadata.name } },
  });
}

function judgeClass(found: StorageClass, cluster: Cluster): Finding[] {
  const { name } = found.metadata;
  const findings: Finding[] = [];
  if (found.allowVolumeExpansion !== true)
    findings.push(
      warn(
        `StorageClass ${name} does not let volumes grow`,
        `kubectl patch storageclass ${name} -p '{"allowVolumeExpansion":true}', where its driver can`,
      ),
    );
  if (found.volumeBindingMode !== 'WaitForFirstConsumer')
    findings.push(
      warn(
        `StorageClass ${name} binds at once: a volume may come up in a zone where its pod has no room`,
        'take a class with volumeBindingMode: WaitForFirstConsumer (it cannot be changed), unless all nodes are in one zone',
      ),
    );
  const about = `StorageClass ${name} (${found.provisioner}, ${found.volumeBindingMode ?? 'Immediate'})`;
  const seen = driver(found.provisioner, cluster, about);
  return seen.verdict === 'ok' && findings.length > 0 ? findings : [...findings, seen];
}

function driver(provisioner: string, cluster: Cluster, about: string): Finding {
  const name = MIGRATED[provisioner] ?? provisioner;
  const installed = cluster.all('CSIDriver').map(({ metadata }) => metadata.name);
  // Simple provisioners register no driver; those with a name like that of EBS do.
  if (installed.includes(name) || !name.includes('.csi.')) return ok(`${about} is usable`);
  return fail(
    `${about} needs the driver ${name}, which is not installed`,
    name === EBS ? 'install the EKS add-on aws-ebs-csi-driver' : `install ${name}`,
  );
}
