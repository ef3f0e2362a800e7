/** Names of classes that are not provisioned by EBS, and their origin. */
const FOREIGN: ReadonlyArray<readonly [name: RegExp, origin: string]> = [
  [/^gp2$/, 'EKS itself'],
  [/^(?:standard|premium|enterprise|zonal|regional|hyperdisk)\b/, 'GKE, kind or minikube'],
  [/^(?:default|managed|azurefile|azureblob)\b/, 'AKS'],
  [/^(?:local|microk8s|hostpath)\b/, 'k3s, MicroK8s or another cluster on local disks'],
  [
    /^(?:thin|vsphere|cinder|csi-cinder|ibmc|oci|do|linode|hcloud|scw|vultr|alicloud|civo)\b/,
    'another provider',
  ],
  [
    /\b(?:longhorn|rook|ceph|openebs|mayastor|nfs|linstor|portworx|px|topolvm|ocs|odf)\b/,
    'a storage driver of the cluster',
  ],
];

/** The origin of a class with that name, if it is known not to be provisioned by EBS. */
export function foreignOrigin(name: string): string | undefined {
  if (/gp3|ebs/.test(name)) return undefined;
  return FOREIGN.find(([pattern]) => pattern.test(name))?.[1];
}
