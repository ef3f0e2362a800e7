import { posix } from 'node:path';
import { k8s } from 'cdk8s-plus-27';
import { imageReference } from '../images/image';
import type { ImageSettings, ImagesSettings } from '../images/settings';
import type { ConfigFile } from './config-file';
import type { ResourcesSettings } from './settings';

/** User and group that the images of Loki, Tempo and the collector are built to run as. */
const UNPRIVILEGED_ID = 10001;

/**
 * Pod-level half of the Pod Security level `restricted`.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
const RESTRICTED_POD: k8s.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: UNPRIVILEGED_ID,
  runAsGroup: UNPRIVILEGED_ID,
  fsGroup: UNPRIVILEGED_ID,
  // Without it the kubelet walks the whole volume at every start, which takes minutes on one full of chunks.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Container-level half of `restricted`, and a root file system that cannot be written. */
const RESTRICTED_CONTAINER: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
};

/** Properties of {@link podTemplate}. */
export interface PodTemplateProps {
  /** Name and labels of the workload. The name is also that of its ServiceAccount, and of its container. */
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  /** Image and size of the container. */
  readonly settings: { readonly image: ImageSettings; readonly resources: ResourcesSettings };
  /** Where images come from. */
  readonly images: ImagesSettings;
  /** What the daemon reads; a change of it restarts the pod. */
  readonly config: ConfigFile;
  /** Fields of the pod besides. */
  readonly pod: Partial<k8s.PodSpec>;
  /** Fields of its container besides. */
  readonly container: Partial<k8s.Container>;
}

/** A pod of one daemon, with what every pod of the stack has: its config, no rights, and a heap that fits its memory. */
export function podTemplate(props: PodTemplateProps): k8s.PodTemplateSpec {
  const { metadata, settings, images, config, pod, container } = props;
  const { name, labels } = metadata;
  return {
    metadata: { labels, annotations: { 'checksum/config': config.checksum } },
    spec: {
      // Variables such as LOKI_PORT=tcp://… for every Service of the namespace help nobody and break flags.
      enableServiceLinks: false,
      imagePullSecrets:
        images.pullSecrets.length > 0 ? images.pullSecrets.map((secret) => ({ name: secret })) : undefined,
      restartPolicy: 'Always',
      serviceAccountName: name,
      securityContext: RESTRICTED_POD,
      ...pod,
      containers: [
        {
          name,
          image: imageReference(settings.image, images),
          imagePullPolicy: images.pullPolicy,
          resources: containerResources(settings.resources),
          ...container,
          env: [...(container.env ?? []), goMemoryLimit(settings.resources)],
          securityContext: { ...RESTRICTED_CONTAINER, ...container.securityContext },
          volumeMounts: [
            { name: 'config', mountPath: posix.dirname(config.path), readOnly: true },
            ...(container.volumeMounts ?? []),
          ],
        },
      ],
      volumes: [{ name: 'config', configMap: { name } }, ...(pod.volumes ?? [])],
    },
  };
}

/** Requests and limits of a container. */
function containerResources(resources: ResourcesSettings): k8s.ResourceRequirements {
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
function goMemoryLimit(resources: ResourcesSettings): k8s.EnvVar {
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
