import { expect, test } from '@jest/globals';
import { agentNodes } from '../../lib/preflight/checks/agent-nodes';
import { inotify } from '../../lib/preflight/checks/inotify';
import { Cluster, type InotifyLimits } from '../../lib/preflight/cluster';
import { Wanted } from '../../lib/preflight/wanted';
import { type Manifest, settings } from '../support/render';
import { existing, judge, pick, remove } from './existing';
import { tells, type Wrong } from './wrong';

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
    evidence: 'there is no IngressClass alb: the Ingress would never get an address',
    ours: { ingress: { controller: 'nginx', className: 'public' } },
  },
  {
    what: 'a class of another name',
    id: 'ingress-class',
    change: (objects) => {
      alb(objects).metadata.name = 'public';
    },
    verdict: 'fail',
    evidence: 'there is no IngressClass alb: the Ingress would never get an address',
    ours: { ingress: { className: 'public' } },
  },
  {
    what: 'no class at all',
    id: 'ingress-class',
    change: (objects) => remove(objects, alb(objects)),
    verdict: 'fail',
    evidence: 'there is no IngressClass alb: the Ingress would never get an address',
    ours: { ingress: { enabled: false } },
  },
  {
    what: 'a controller that does not run',
    id: 'ingress-class',
    change: (objects) => remove(objects, pick(objects, 'Deployment', 'aws-load-balancer-controller')),
    verdict: 'warn',
    evidence:
      'IngressClass alb belongs to ingress.k8s.aws/alb, of which no Deployment or DaemonSet labelled aws-load-balancer-controller was seen',
  },
  {
    what: 'a host name that is taken',
    id: 'ingress-hosts',
    change: (objects) =>
      pick(objects, 'Ingress', 'prometheus-grafana-ingress').spec.rules.push({ host: 'loki.example.com' }),
    verdict: 'fail',
    evidence: 'Ingress monitoring/prometheus-grafana-ingress serves loki.example.com already',
  },
  {
    what: 'a Windows node',
    id: 'agent-nodes',
    change: (objects) => {
      node1(objects).metadata.labels['kubernetes.io/os'] = 'windows';
    },
    verdict: 'warn',
    evidence:
      'DaemonSet monitoring/promtail does not run on node-1 (Windows, Fargate, or a node selector): their logs are not collected',
  },
  {
    what: 'another agent',
    id: 'log-agents',
    change: (objects) => objects.push(agent('/var/log/')),
    verdict: 'warn',
    evidence: 'DaemonSet logging/fluent-bit reads the logs of pods too',
  },
  {
    what: 'an agent with its state where ours is',
    id: 'log-agents',
    change: (objects) => objects.push(agent('/var/lib/promtail')),
    verdict: 'fail',
    evidence:
      'DaemonSet logging/fluent-bit keeps its state in /var/lib/promtail of each node, as our agent does',
  },
];

tells(WRONG);

test('does not mistake /var/log/aws-routed-eni for the logs of pods', () => {
  const [result] = judge('log-agents', (objects) => objects.push(agent('/var/log/aws-routed-eni')));

  expect(result?.verdict).toBe('ok');
});

test('asks for the limits of inotify, and tells what to set', () => {
  const judged = (limits: InotifyLimits[]) =>
    inotify.judge(new Wanted([]), new Cluster([], new Map(), limits));

  expect(judged([])).toMatchObject([{ verdict: 'unknown' }]);
  expect(judged([{ node: 'node-1', instances: 128, watches: 524_288 }])).toEqual([
    {
      verdict: 'warn',
      evidence: 'node-1: max_user_instances 128, max_user_watches 524288',
      cure: 'set fs.inotify.max_user_instances=1024 and fs.inotify.max_user_watches=524288 in the user data of the node group',
    },
  ]);
});

const TOLERATIONS = {
  promtail: {
    scheduling: { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }] },
  },
};

test('tells of a tainted node that the agent does not tolerate', () => {
  const agent = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'promtail', namespace: 'monitoring' },
    spec: { template: { spec: { containers: [] } } },
  };
  const objects = existing();
  node1(objects).spec.taints = [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }];

  expect(agentNodes.judge(new Wanted([agent]), new Cluster(objects))).toEqual([
    {
      verdict: 'warn',
      evidence:
        'DaemonSet monitoring/promtail does not tolerate dedicated:NoSchedule of node-1: their logs are not collected',
      cure: 'tolerate the taints',
      ours: TOLERATIONS,
    },
  ]);
  expect(() => settings(TOLERATIONS)).not.toThrow();
});
