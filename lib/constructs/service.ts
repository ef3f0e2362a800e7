import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { selectorLabels } from './labels';

/** A port that a container listens on and a Service forwards to, by one name. */
export interface NamedPort {
  /** Name of the port, at most 15 characters. */
  readonly name: string;
  /** Number of the port. */
  readonly port: number;
  /** Transport. @default TCP */
  readonly protocol?: 'TCP' | 'UDP';
  /** Application protocol, for meshes and load balancers. */
  readonly appProtocol?: string;
}

/** Properties of {@link ClusterService}. */
export interface ClusterServiceProps {
  /** Name, namespace and labels of the Service. The name is also the `app` of the pods it selects. */
  readonly metadata: k8s.ObjectMeta & { readonly name: string; readonly namespace: string };

  /** Ports of the Service; each forwards to the container port of the same name. */
  readonly ports: readonly NamedPort[];

  /** Domain of Services inside the cluster. */
  readonly dnsDomain: string;

  /**
   * Whether it has no address of its own, for a Service whose pods are found one by one.
   *
   * @default false
   */
  readonly headless?: boolean;
}

/** A Service inside the cluster. */
export class ClusterService extends Construct {
  private readonly props: ClusterServiceProps;

  constructor(scope: Construct, id: string, props: ClusterServiceProps) {
    super(scope, id);
    this.props = props;

    new k8s.KubeService(this, 'Service', {
      metadata: props.metadata,
      spec: {
        type: 'ClusterIP',
        clusterIp: props.headless ? 'None' : undefined,
        selector: selectorLabels(props.metadata.name),
        ports: props.ports.map(({ name, port, protocol, appProtocol }) => ({
          name,
          port,
          protocol: protocol ?? 'TCP',
          appProtocol,
          targetPort: k8s.IntOrString.fromString(name),
        })),
      },
    });
  }

  /** Host and port for a client in the given namespace: short within the Service's own. */
  public address(port: number, clientNamespace: string): string {
    const { name, namespace } = this.props.metadata;
    const host = clientNamespace === namespace ? name : `${name}.${namespace}.svc.${this.props.dnsDomain}`;
    return `${host}:${port}`;
  }

  /** As {@link address}, for a client that speaks HTTP. */
  public url(port: number, clientNamespace: string): string {
    return `http://${this.address(port, clientNamespace)}`;
  }
}

/** The ports as a container declares them. */
export function containerPorts(ports: readonly NamedPort[]): k8s.ContainerPort[] {
  return ports.map(({ name, port, protocol }) => ({
    name,
    containerPort: port,
    protocol: protocol ?? 'TCP',
  }));
}
