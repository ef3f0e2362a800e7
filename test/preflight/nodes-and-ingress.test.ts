import { expect, test } from '@jest/globals';
import { inotify } from '../../lib/preflight/checks/inotify';
import type { InotifyLimits } from '../../lib/preflight/cluster';
import type { Manifest } from '../support/render';
import { assess, cluster, desired, existing, pick, remove } from './existing';
import { reports, type Wrong } from './wrong';

const alb = (objects: Manifest[]) => pick(objects, 'IngressClass', 'alb');
const node1 = (objects: Manifest[]) => pick(objects, 'Node', 'node-1');

const agent = (path: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'fluent-bit', namespace: 'logging' },
  spec: { template: { spec: { containers: [], volumes: [{ name: 'logs', hostPath: { path } }] } } },
});

const publicClass = (objects: Manifest[]) => pick(objects, 'IngressClass', 'public');

const WRONG: readonly Wrong[] = [
  {
    what: 'a class of another controller',
    id: 'ingress-class',
    change: (objects) => {
      alb(objects).metadata.name = 'public';
      publicClass(objects).spec.controller = 'k8s.io/ingress-nginx';
    },
    verdict: 'fail',
    observed: 'IngressClass alb does not exist: the Ingress would never get an address',
    paste: { ingress: { controller: 'nginx', className: 'public' } },
  },
  {
    what: 'a class of another name',
    id: 'ingress-class',
    change: (objects) => {
      alb(objects).metadata.name = 'public';
    },
    verdict: 'fail',
    observed: 'IngressClass alb does not exist: the Ingress would never get an address',
    paste: { ingress: { controller: 'alb', className: 'public' } },
  },
  {
    what: 'no class at all',
    id: 'ingress-class',
    change: (objects) => remove(objects, alb(objects)),
    verdict: 'fail',
    observed: 'IngressClass alb does not exist: the Ingress would never get an address',
    paste: { ingress: { enabled: false } },
  },
  {
    what: 'a controller that does not run',
    id: 'ingress-class',
    change: (objects) => remove(objects, pick(objects, 'Deployment', 'aws-load-balancer-controller')),
    verdict: 'warn',
    observed:
      'IngressClass alb belongs to ingress.k8s.aws/alb, but no workload of aws-load-balancer-controller was found',
  },
  {
    what: 'a host name that is taken',
    id: 'ingress-hosts',
    change: (objects) =>
      pick(objects, 'Ingress', 'prometheus-grafana-ingress').spec.rules.push({ host: 'loki.example.com' }),
    verdict: 'fail',
    observed: 'Ingress monitoring/prometheus-grafana-ingress already serves loki.example.com',
  },
  {
    what: 'a Windows node',
    id: 'agent-nodes',
    change: (objects) => {
      node1(objects).metadata.labels['kubernetes.io/os'] = 'windows';
    },
    verdict: 'warn',
    observed:
      'DaemonSet monitoring/promtail does not run on node-1 (Windows, Fargate, or a node selector): their logs are not collected',
  },
  {
    what: 'a taint that the agent does not tolerate',
    id: 'agent-nodes',
    values: { logs: { scheduling: { tolerations: [] } } },
    change: (objects) => {
      node1(objects).spec.taints = [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }];
    },
    verdict: 'warn',
    observed:
      'DaemonSet monitoring/promtail does not tolerate dedicated:NoSchedule of node-1: their logs are not collected',
    paste: {
      logs: {
        scheduling: { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }] },
      },
    },
  },
  {
    what: 'nodes that run Docker',
    id: 'agent-nodes',
    change: (objects) => {
      node1(objects).status.nodeInfo.containerRuntimeVersion = 'docker://26.1.3';
    },
    verdict: 'fail',
    observed:
      'Docker runs the containers of node-1; its log files have another path and format, so no logs are collected there',
  },
  {
    what: 'nodes of an unknown container runtime',
    id: 'agent-nodes',
    change: (objects) => {
      node1(objects).status.nodeInfo.containerRuntimeVersion = 'isulad://2.1.5';
    },
    verdict: 'unknown',
    observed: 'unknown log format of the container runtime "isulad://2.1.5" on node-1',
  },
  {
    what: 'nodes that do not report their container runtime',
    id: 'agent-nodes',
    change: (objects) => {
      delete node1(objects).status.nodeInfo;
    },
    verdict: 'unknown',
    observed: 'unknown log format of the container runtime "" on node-1',
  },
  ...[
    ['Azure', { labels: { type: 'virtual-kubelet' } }],
    ['Liqo', { labels: { 'liqo.io/type': 'virtual-node' } }],
    ['Admiralty', { taint: 'virtual-kubelet.io/provider' }],
    ['an old provider', { version: 'v1.19.10-vk-azure-aci-1.4.8' }],
  ].map(
    ([whose, { labels = {}, taint = 'other', version = 'v1.33.4' }]: Manifest): Wrong => ({
      what: `a virtual node of ${whose}`,
      id: 'agent-nodes',
      change: (objects) => {
        const { metadata, spec, status } = node1(objects);
        Object.assign(metadata.labels, labels);
        spec.taints = [{ key: taint, value: 'x', effect: 'NoSchedule' }];
        status.nodeInfo.kubeletVersion = version;
      },
      verdict: 'fail',
      observed:
        'virtual nodes (node-1) run no DaemonSet: a pod of DaemonSet monitoring/promtail would stay Pending there, and its rollout would never finish',
      paste: { logs: { scheduling: { tolerations: [] } } },
    }),
  ),
  ...[
    'Bottlerocket (EKS Auto, Standard) 2025.10.17 (aws-k8s-1.33-standard)',
    'Rocky Linux 9.6 (Blue Onyx)',
  ].map(
    (osImage): Wrong => ({
      what: `${osImage.split(' ')[0]}, which enforces SELinux`,
      id: 'agent-nodes',
      change: (objects) => {
        node1(objects).status.nodeInfo.osImage = osImage;
      },
      verdict: 'unknown',
      observed: `it was not observed whether SELinux of ${osImage} on node-1 lets the agent read log files`,
    }),
  ),
  ...['Red Hat Enterprise Linux CoreOS 418.94.202510060116-0', 'Fedora Linux 42 (Server Edition)'].map(
    (osImage): Wrong => ({
      what: `${osImage.split(' ')[0]} with CRI-O, which labels containers`,
      id: 'agent-nodes',
      change: (objects) => {
        const containerRuntimeVersion = 'cri-o://1.33.5';
        Object.assign(node1(objects).status.nodeInfo, { osImage, containerRuntimeVersion });
      },
      verdict: 'fail',
      observed: `SELinux of ${osImage} on node-1 does not let the agent read log files`,
      paste: { logs: { seLinuxOptions: { type: 'spc_t' } } },
    }),
  ),
  {
    what: 'another agent',
    id: 'log-agents',
    change: (objects) => objects.push(agent('/var/log/')),
    verdict: 'warn',
    observed: 'DaemonSet logging/fluent-bit reads the logs of pods too',
  },
  {
    what: 'an agent with its state where ours is',
    id: 'log-agents',
    change: (objects) => objects.push(agent('/var/lib/promtail')),
    verdict: 'fail',
    observed:
      'DaemonSet logging/fluent-bit keeps its state in /var/lib/promtail of each node, like the agent of this stack',
  },
];

reports(WRONG);

test('does not treat /var/log/aws-routed-eni as pod logs', () => {
  const [result] = assess('log-agents', (objects) => objects.push(agent('/var/log/aws-routed-eni')));

  expect(result?.verdict).toBe('ok');
});

test('reads the inotify limits and prints the values to set', () => {
  const findings = (limits: InotifyLimits[]) => [
    ...inotify.assess(desired(), cluster(existing(), { inotify: limits })),
  ];

  expect(inotify.assess(desired(), cluster(existing(), { inotify: [] })).next().value).toMatchObject({
    verdict: 'unknown',
  });
  expect(findings([{ node: 'node-1', instances: 128, watches: 524_288 }])).toMatchObject([
    {
      verdict: 'warn',
      observed: 'node-1: max_user_instances 128, max_user_watches 524288',
      fix: 'set fs.inotify.max_user_instances=1024 and fs.inotify.max_user_watches=524288 in the user data of the node group',
    },
  ]);
});

test.each(['Flatcar Container Linux by Kinvolk 4230.2.3 (Oklo)', 'Ubuntu 24.04.3 LTS', 'Talos (v1.11.3)'])(
  'expects logs on %s',
  (osImage) => {
    const [result] = assess('agent-nodes', (objects) => {
      Object.assign(node1(objects).status.nodeInfo, { osImage, containerRuntimeVersion: 'cri-o://1.33.5' });
    });

    expect(result).toMatchObject({
      verdict: 'ok',
      observed: 'DaemonSet monitoring/promtail runs on all 3 nodes, and can read their logs',
    });
  },
);
