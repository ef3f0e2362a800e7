import { posix } from 'node:path';
import { imageReference } from '../images/image';
import type { ImageSettings, ImagesSettings } from '../images/settings';
import type { ConfigFile } from './config-file';
import { k8s } from './k8s';
import type { ResourcesSettings } from './settings';

/** User and group in the images of Loki, Tempo and the collector. */
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
  // Without it, the kubelet walks the whole volume at every start, which takes minutes if it is full of chunks.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Container-level half of `restricted`, plus a read-only root file system. */
const RESTRICTED_CONTAINER: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
};

/** Properties of {@link podTemplate}. */
export interface PodTemplateProps {
  /** Name and labels of the workload. Its ServiceAccount and its container have the same name. */
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  /** Image and resources of the container. */
  readonly settings: { readonly image: ImageSettings; readonly resources: ResourcesSettings };
  /** Registry and pull settings of images. */
  readonly images: ImagesSettings;
  /** Configuration of the daemon; a change restarts the pod. */
  readonly config: ConfigFile;
  /** Additional labels of the pod. @default none */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Additional fields of the pod. */
  readonly pod: Partial<k8s.PodSpec>;
  /** Additional fields of the container. */
  readonly container: Partial<k8s.Container>;
}

/** A pod with one daemon and the common parts: a config, no privileges, and a heap limit below the memory limit. */
export function podTemplate(props: PodTemplateProps): k8s.PodTemplateSpec {
  const { metadata, settings, images, config, podLabels, pod, container } = props;
  const { name, labels } = metadata;
  return {
    metadata: { labels: { ...labels, ...podLabels }, annotations: { 'checksum/config': config.checksum } },
    spec: {
      // Variables such as LOKI_PORT=tcp://… for every Service in the namespace are unused, and break flags.
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

/** Resource requests and limits of a container. */
function containerResources(resources: ResourcesSettings): k8s.ResourceRequirements {
  const quantity = (value: object) => k8s.Quantity.fromString(value.toString());
  return {
    requests: { cpu: quantity(resources.cpu), memory: quantity(resources.memory) },
    limits: { memory: quantity(resources.memoryLimit) },
  };
}

/**
 * Sets the memory limit of Go's garbage collector. Without it the heap can
 * double past the limit before a collection, and the kernel kills the process.
 * The remaining 15% is for memory outside the heap.
 *
 * @see https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
function goMemoryLimit(resources: ResourcesSettings): k8s.EnvVar {
  return { name: 'GOMEMLIMIT', value: `${Math.floor(resources.memoryLimit.mebibytes * 0.85)}MiB` };
}

/** An HTTP probe on a named port. Periods and delays are in seconds. */
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
