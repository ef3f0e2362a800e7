import * as z from 'zod';
import {
  count,
  domainName,
  hostName,
  httpsUrl,
  namespaceName,
  objectName,
  optional,
  text,
} from '../values/fields';

/** The cluster that the stack is added to. */
export const clusterSettings = z.strictObject({
  domain: hostName('example.com', 240).describe(
    'Domain of the cluster. The host names of the Ingress default to subdomains of it.',
  ),
  name: optional(
    text(
      'a name of letters, digits, "-" and "_", such as "prod-eu"',
      /^[A-Za-z0-9](?:[-\w]{0,61}[A-Za-z0-9])?$/,
      63,
    ),
  ).describe(
    'Name of the cluster on every log line and alert, and on every metric of the stack (label cluster), and on every span ' +
      '(k8s.cluster.name). Unique. null adds none.',
  ),
  namespace: namespaceName()
    .default('monitoring')
    .describe('Existing namespace for the stack, next to kube-prometheus-stack.'),
  context: optional(
    text('the name of a context, as in `kubectl config get-contexts`', /^\S(?:.*\S)?$/),
  ).describe(
    'kubectl context of this cluster; deploy, cleanup, smoke and preflight refuse any other. null accepts any.',
  ),
  apiServer: optional(httpsUrl('https://203.0.113.10:6443')).describe(
    'Address of the API server, as printed by `kubectl cluster-info`, for teams that name their contexts differently. ' +
      'The same scripts refuse any other. null accepts any.',
  ),
  dnsDomain: domainName('cluster.local')
    .default('cluster.local')
    .describe('DNS domain of Services inside the cluster.'),
  storageClassName: optional(objectName('StorageClass')).describe(
    'StorageClass of every volume; null uses the default class of the cluster.',
  ),
  nodes: count({ atLeast: 1, atMost: 15_000 })
    .default(3)
    .describe('Number of Linux nodes, excluding Fargate. The log agent runs on each.'),
  podsPerNode: count({ atLeast: 1, atMost: 1_000 }).default(30).describe('Average number of pods per node.'),
  containersPerPod: count({ atLeast: 1, atMost: 100 })
    .default(2)
    .describe('Average number of containers per pod that write logs, including sidecars.'),
  newPodsPerHour: count({ atLeast: 0, atMost: 1_000_000 })
    .default(0)
    .describe('Pods that Jobs and releases start per hour. Each adds streams.'),
});
export type ClusterSettings = z.output<typeof clusterSettings>;
