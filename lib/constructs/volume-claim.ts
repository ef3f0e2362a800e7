import { Construct } from 'constructs';
import type { Quantity } from '../kubernetes/quantity';
import { k8s } from './k8s';

/** Properties of {@link VolumeClaim}. */
export interface VolumeClaimProps {
  /** Name, namespace and labels of the PersistentVolumeClaim. */
  readonly metadata: k8s.ObjectMeta;

  /** Size of the volume. */
  readonly size: Quantity;

  /** StorageClass. @default the default class of the cluster */
  readonly storageClassName: string | undefined;
}

/**
 * A volume that outlives its workload.
 *
 * It is a separate claim, not a template of a StatefulSet: a pull request can
 * resize it, and deleting or renaming a workload does not delete it. Argo CD and
 * Flux neither prune it nor delete it with the application.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#prune
 */
export class VolumeClaim extends Construct {
  constructor(scope: Construct, id: string, props: VolumeClaimProps) {
    super(scope, id);

    new k8s.KubePersistentVolumeClaim(this, 'Claim', {
      metadata: {
        ...props.metadata,
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
          'kustomize.toolkit.fluxcd.io/prune': 'disabled',
        },
      },
      spec: claimSpec(props),
    });
  }
}

function claimSpec({ size, storageClassName }: VolumeClaimProps): k8s.PersistentVolumeClaimSpec {
  return {
    accessModes: ['ReadWriteOnce'],
    storageClassName,
    volumeMode: 'Filesystem',
    resources: { requests: { storage: k8s.Quantity.fromString(size.toString()) } },
  };
}

/** A volume for each pod of a StatefulSet. Like {@link VolumeClaim}, it outlives a workload that keeps its claims. */
export function claimTemplate(props: VolumeClaimProps): k8s.KubePersistentVolumeClaimProps {
  return { metadata: props.metadata, spec: claimSpec(props) };
}
