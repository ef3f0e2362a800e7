import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';

/** Properties of {@link PodReader}. */
export interface PodReaderProps {
  /** Name, namespace and labels; the role has the same name. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
}

/** A ServiceAccount that may only get, list and watch pods. */
export class PodReader extends Construct {
  constructor(scope: Construct, id: string, { metadata }: PodReaderProps) {
    super(scope, id);

    const { name, namespace, labels } = metadata;
    new k8s.KubeServiceAccount(this, 'ServiceAccount', { metadata, automountServiceAccountToken: true });
    new k8s.KubeClusterRole(this, 'ClusterRole', {
      metadata: { name, labels },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    });
    new k8s.KubeClusterRoleBinding(this, 'ClusterRoleBinding', {
      metadata: { name, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
  }
}
