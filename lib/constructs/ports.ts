import type { k8s } from './k8s';

/** A port that a container listens on and a Service forwards to, with the same name in both. */
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

/** The ports in the form of a container. */
export function containerPorts(ports: readonly NamedPort[]): k8s.ContainerPort[] {
  return ports.map(({ name, port, protocol }) => ({
    name,
    containerPort: port,
    protocol: protocol ?? 'TCP',
  }));
}
