import type { ObjectOf } from './kinds';

type Node = ObjectOf<'Node'>;

const labels = ({ metadata }: Node) => metadata.labels ?? {};

/**
 * Whether a node represents another platform and runs no DaemonSets. Azure, Alibaba Cloud, Admiralty and Liqo have
 * such nodes.
 */
export function isVirtual(node: Node): boolean {
  return (
    ['virtual-kubelet', 'virtual-node'].includes(labels(node)['type'] ?? '') ||
    labels(node)['liqo.io/type'] === 'virtual-node' ||
    (node.spec?.taints ?? []).some(({ key }) => key.startsWith('virtual-kubelet.io/')) ||
    /-vk-/.test(node.status?.nodeInfo?.kubeletVersion ?? '')
  );
}

/** Whether EKS Auto Mode manages a node, with its own drivers. */
export function isAutoMode(node: Node): boolean {
  return labels(node)['eks.amazonaws.com/compute-type'] === 'auto';
}

/** Whether OpenShift runs a node. */
export function isOpenShift(node: Node): boolean {
  return osImage(node).includes('CoreOS');
}

/** Whether GKE Autopilot manages a node. */
export function isAutopilot({ metadata }: Node): boolean {
  return metadata.name.startsWith('gk3-');
}

/** Operating system of a node, such as `Talos (v1.11.0)`; empty if the node does not report it. */
export function osImage({ status }: Node): string {
  return status?.nodeInfo?.osImage ?? '';
}

/** Version of the kubelet, such as `v1.33.4-eks-99d6cc0`; empty if the node does not report it. */
export function kubeletVersion({ status }: Node): string {
  return status?.nodeInfo?.kubeletVersion ?? '';
}

/** Addresses of a node inside its network. */
export function internalAddresses({ status }: Node): string[] {
  return (status?.addresses ?? []).flatMap(({ type, address }) =>
    type === 'InternalIP' && address ? address : [],
  );
}

/** Names of objects, shortened if there are many. */
export function names(objects: readonly { readonly metadata: { readonly name: string } }[]): string {
  const shown = objects.slice(0, 5).map(({ metadata }) => metadata.name);
  const rest = objects.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
