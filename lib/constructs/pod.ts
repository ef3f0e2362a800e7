import { k8s } from 'cdk8s-plus-27';
import type { ImagesSettings } from '../images/settings';
import type { ResourcesSettings } from './settings';

/** User and group that the images of Loki, Tempo and the collector are built to run as. */
const UNPRIVILEGED_ID = 10001;

/**
 * Pod-level half of the Pod Security level `restricted`.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const RESTRICTED_POD: k8s.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: UNPRIVILEGED_ID,
  runAsGroup: UNPRIVILEGED_ID,
  fsGroup: UNPRIVILEGED_ID,
  // Without it the kubelet walks the whole volume at every start, which takes minutes on one full of chunks.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Container-level half of `restricted`, and a root file system that cannot be written. */
export const RESTRICTED_CONTAINER: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
};

/** What every pod of the stack has in common. */
export function podDefaults(images: ImagesSettings): Partial<k8s.PodSpec> {
  return {
    // Variables such as LOKI_PORT=tcp://… for every Service of the namespace help nobody and break flags.
    enableServiceLinks: false,
    imagePullSecrets:
      images.pullSecrets.length > 0 ? images.pullSecrets.map((name) => ({ name })) : undefined,
    restartPolicy: 'Always',
  };
}

/** Requests and limits of a container. */
export function containerResources(resources: ResourcesSettings): k8s.ResourceRequirements {
  const quantity = (value: object) => k8s.Quantity.fromString(value.toString());
  return {
    requests: { cpu: quantity(resources.cpu), memory: quantity(resources.memory) },
    limits: { memory: quantity(resources.memoryLimit) },
  };
}

/**
 * Tells Go's garbage collector the memory limit. Without it the heap doubles
 * past the limit before a collection, and the kernel kills the process. The
 * rest, 15 %, is for what lies outside the heap.
 *
 * @see https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
export function goMemoryLimit(resources: ResourcesSettings): k8s.EnvVar {
  return { name: 'GOMEMLIMIT', value: `${Math.floor(resources.memoryLimit.mebibytes * 0.85)}MiB` };
}

/** A probe by HTTP on a named port. Periods and delays are in seconds. */
export function httpProbe(
  path: string,
  port: string,
  timing: { period: number; failures: number },
): k8s.Probe {
  return {
    httpGet: { path, port: k8s.IntOrString.fromString(port), scheme: 'HTTP' },
    periodSeconds: timing.period,
    failureThreshold: timing.failures,
    timeoutSeconds: 5,
  };
}
