import { Construct } from 'constructs';
import { k8s } from './k8s';

/** Properties of {@link Reader}. */
export interface ReaderProps {
  /** Name, namespace and labels; the role has the same name. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
  /** Resource of the core API group, such as `pods`. */
  readonly resource: string;
  /** What it may do with them. @default get, list and watch */
  readonly verbs?: readonly string[];
}

/** A ServiceAccount that may only read one kind of object, in every namespace. */
export class Reader extends Construct {
  constructor(scope: Construct, id: string, props: ReaderProps) {
    super(scope, id);

    const { metadata, resource, verbs = ['get', 'list', 'watch'] } = props;
    const { name, namespace, labels } = metadata;
    new k8s.KubeServiceAccount(this, 'ServiceAccount', { metadata, automountServiceAccountToken: true });
    new k8s.KubeClusterRole(this, 'ClusterRole', {
      metadata: { name, labels },
      rules: [{ apiGroups: [''], resources: [resource], verbs: [...verbs] }],
    });
    new k8s.KubeClusterRoleBinding(this, 'ClusterRoleBinding', {
      metadata: { name, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
  }
}
