import { z } from 'zod';
import {
  bytes,
  choice,
  count,
  cpu,
  domainName,
  hostName,
  namespaceName,
  objectName,
  text,
} from '../values/fields';
import { rule } from '../values/rule';

/** The cluster that the stack is added to. */
export const clusterSettings = z.strictObject({
  domain: hostName('example.com', 240).describe(
    'Domain of the cluster; host names of the Ingress default to names below it.',
  ),
  namespace: namespaceName()
    .default('monitoring')
    .describe('Existing namespace that the stack is added to, beside kube-prometheus-stack.'),
  dnsDomain: domainName('cluster.local')
    .default('cluster.local')
    .describe('Domain of Services inside the cluster, as its DNS serves them.'),
  storageClassName: objectName('StorageClass')
    .nullable()
    .default(null)
    .describe('StorageClass of every volume; null takes the default class of the cluster.'),
  nodes: count({ atLeast: 1, atMost: 15_000 })
    .default(3)
    .describe('Nodes, Fargate and Windows left out: the agent runs on each of them.'),
  podsPerNode: count({ atLeast: 1, atMost: 1_000 }).default(30).describe('Pods of a node, on average.'),
  containersPerPod: count({ atLeast: 1, atMost: 100 })
    .default(2)
    .describe('Containers of a pod that write logs, sidecars among them, on average.'),
  newPodsPerHour: count({ atLeast: 0, atMost: 1_000_000 })
    .default(0)
    .describe('Pods that Jobs and releases start in an hour: each has streams of its own.'),
});
export type ClusterSettings = z.output<typeof clusterSettings>;

/** A first part without a dot or a port would be taken for a folder of Docker Hub. */
const REGISTRY =
  /^(?:localhost|(?:[a-z0-9-]+\.)+[a-z0-9-]+|[a-z0-9-]+(?=:))(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

const registry = () =>
  text('a registry, with a path where it has one, such as "registry.example.com/mirror"', REGISTRY);

/** Where the images of all components come from. */
export const imagesSettings = z.strictObject({
  registry: registry()
    .nullable()
    .default(null)
    .describe('Registry that replaces the one of every image, for a mirror; null leaves each as it is.'),
  pullPolicy: choice(['IfNotPresent', 'Always', 'Never'])
    .default('IfNotPresent')
    .describe('When the kubelet pulls an image.'),
  pullSecrets: z
    .array(objectName('Secret'), { error: 'must be a list of Secret names' })
    .default([])
    .describe('Secrets in the namespace with the credentials of the registry.'),
});
export type ImagesSettings = z.output<typeof imagesSettings>;

/** An image, pinned by tag and, where wanted, by digest. */
export function imageSettings(pinned: { repository: string; tag: string }) {
  return z
    .strictObject({
      registry: registry().default('docker.io').describe('Registry of the image.'),
      repository: text('a repository such as "grafana/loki"', REPOSITORY)
        .default(pinned.repository)
        .describe('Repository of the image.'),
      tag: text('a tag other than "latest", such as "3.7.6"', /^(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]*$/, 128)
        .default(pinned.tag)
        .describe(
          'Tag of the image. The config is written for the default; run another version before you trust it.',
        ),
      digest: text('a digest such as "sha256:" and 64 hexadecimal digits', /^sha256:[0-9a-f]{64}$/)
        .nullable()
        .default(null)
        .describe('Digest of the image; when given, the kubelet pulls by it and the tag is for readers.'),
    })
    .prefault({})
    .describe('Container image.');
}
export type ImageSettings = z.output<ReturnType<typeof imageSettings>>;

/** What a container asks for and may use at most. */
export function resourcesSettings(defaults: {
  cpu: string;
  memory: string;
  memoryLimit: string;
  limitAtLeast: string;
}) {
  return z
    .strictObject({
      cpu: cpu()
        .prefault(defaults.cpu)
        .describe('CPU requested. There is no CPU limit: throttling delays logs and traces.'),
      memory: bytes({ atLeast: '32Mi', example: '512Mi' })
        .prefault(defaults.memory)
        .describe('Memory requested.'),
      memoryLimit: bytes({ atLeast: defaults.limitAtLeast, example: '2Gi' })
        .prefault(defaults.memoryLimit)
        .describe('Memory limit; caches and the Go heap are sized from it.'),
    })
    .check(
      rule(['memory', 'memoryLimit'], ({ memory, memoryLimit }) =>
        memory.value > memoryLimit.value ? `must not be more than memoryLimit (${memoryLimit})` : undefined,
      ),
    )
    .prefault({})
    .describe('CPU and memory of the container.');
}
export type ResourcesSettings = z.output<ReturnType<typeof resourcesSettings>>;

/** The volume of a component. */
export function storageSettings(defaults: { size: string; atLeast: string }) {
  return z
    .strictObject({
      size: bytes({ atLeast: defaults.atLeast, example: defaults.size })
        .prefault(defaults.size)
        .describe('Size of the volume. It can grow later, if the StorageClass allows, and never shrink.'),
    })
    .prefault({})
    .describe('Volume.');
}

/** How much a daemon writes to its own log. */
export function logLevel() {
  return choice(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Log level of the daemon itself.');
}
