import { canonical } from '../../diff/canonical';
import { at, isMap, type Json, listAt, mapAt, textAt } from '../../manifests/json';
import { type Manifest, nameOf, typeOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { kubernetesDocs } from '../rules/rule';
import { listed } from '../words';

const SOURCE = kubernetesDocs('concepts/services-networking/network-policies/');

const isPolicy = (object: Manifest) => typeOf(object) === 'networking.k8s.io/NetworkPolicy';

/** Connections that network policies let through, or cut. */
export function networkPolicies({ changed, created, deleted }: Context): Finding[] {
  return [
    ...changed.filter(({ new: object }) => isPolicy(object)).flatMap(changedPolicy),
    ...created.filter(isPolicy).map(newPolicy),
    ...deleted.filter(isPolicy).map(goneOnes),
  ];
}

function changedPolicy({ old, new: next, changes }: Context['changed'][number]): Finding[] {
  const finding = (effect: Finding['effect'], rule: string, says: string, reason: string): Finding => ({
    effect,
    rule,
    object: next,
    title: `${nameOf(next)} (${pods(next)}) ${says}`,
    reason,
    source: SOURCE,
    changes,
  });
  const [before, after] = [edgesOf(old), edgesOf(next)];
  const opened = after.filter((edge) => !before.includes(edge));
  const closed = before.filter((edge) => !after.includes(edge));
  const free = directions(old).filter((direction) => !directions(next).includes(direction));
  return [
    ...(pods(old) === pods(next)
      ? []
      : [
          finding(
            'access',
            'policy-pods',
            'is about other pods now',
            'Pods that no policy selects any more accept and send everything.',
          ),
        ]),
    ...(free.length === 0
      ? []
      : [
          finding(
            'access',
            'policy-direction',
            `restricts ${free.join(' and ')} no more`,
            'A direction that no policy of a pod names is open.',
          ),
        ]),
    ...(opened.length === 0
      ? []
      : [
          finding(
            'access',
            'policy-opens',
            `lets through: ${listed(opened)}`,
            'Policies add up: a connection that one of them allows is allowed.',
          ),
        ]),
    ...(closed.length === 0
      ? []
      : [
          finding(
            'live',
            'policy-closes',
            `lets through no more: ${listed(closed)}`,
            'Connections that no policy of the pod allows are dropped; some network plug-ins cut those that exist.',
          ),
        ]),
  ];
}

function newPolicy(object: Manifest): Finding {
  const edges = edgesOf(object);
  return {
    effect: 'live',
    rule: 'policy-isolates',
    object,
    title: `${nameOf(object)}: from now on ${pods(object)} let through in ${directions(object).join(' and ')} only what a policy allows: ${edges.length === 0 ? 'nothing' : listed(edges)}`,
    reason:
      'The first policy that selects a pod closes the direction for all that no policy allows. It needs a network plug-in that enforces policies.',
    source: SOURCE,
    changes: [],
  };
}

function goneOnes(object: Manifest): Finding {
  return {
    effect: 'access',
    rule: 'policy-gone',
    object,
    title: `${nameOf(object)} is gone from the manifests: once it is deleted, ${pods(object)} that no other policy selects are open in ${directions(object).join(' and ')}`,
    reason: 'A pod that no policy selects accepts and sends everything.',
    source: SOURCE,
    changes: [],
  };
}

function directions({ content }: Manifest): string[] {
  const written = listAt(content, 'spec', 'policyTypes').map(String);
  if (written.length > 0) return written;
  return at(content, 'spec', 'egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

/** Each peer and port that a policy allows, in words. */
function edgesOf(object: Manifest): string[] {
  const edges = [
    { direction: 'Ingress', rules: listAt(object.content, 'spec', 'ingress'), peers: 'from' },
    { direction: 'Egress', rules: listAt(object.content, 'spec', 'egress'), peers: 'to' },
  ].flatMap(({ direction, rules, peers }) =>
    directions(object).includes(direction)
      ? rules.flatMap((rule) => product(listAt(rule, peers), listAt(rule, 'ports'), peers))
      : [],
  );
  return [...new Set(edges)];
}

function product(peers: readonly Json[], ports: readonly Json[], word: string): string[] {
  const who = peers.length === 0 ? ['anybody'] : peers.map(peerName);
  const where = ports.length === 0 ? ['any port'] : ports.map(portName);
  return who.flatMap((peer) => where.map((port) => `${word} ${peer} on ${port}`));
}

function peerName(peer: Json): string {
  const block = at(peer, 'ipBlock');
  if (block !== undefined) {
    const except = listAt(block, 'except').map(String);
    return `${textAt(block, 'cidr')}${except.length > 0 ? ` but for ${except.join(', ')}` : ''}`;
  }
  const [namespaces, some] = [at(peer, 'namespaceSelector'), at(peer, 'podSelector')];
  const who = some === undefined ? 'all pods' : selectorName(some, 'pods');
  return namespaces === undefined ? who : `${who} in ${selectorName(namespaces, 'namespaces')}`;
}

function portName(port: Json): string {
  const number = textAt(port, 'port') ?? 'any port';
  const end = textAt(port, 'endPort');
  return `${number}${end === undefined ? '' : `-${end}`}/${textAt(port, 'protocol') ?? 'TCP'}`;
}

function pods({ content }: Manifest): string {
  return selectorName(mapAt(content, 'spec', 'podSelector'), 'pods');
}

function selectorName(selector: Json, noun: string): string {
  if (!isMap(selector) || Object.keys(selector).length === 0) return `all ${noun}`;
  const labels = Object.entries(mapAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${value}`);
  const others = listAt(selector, 'matchExpressions').map((one) => canonical('', one));
  const name = labels.find((label) => label.startsWith('kubernetes.io/metadata.name='));
  if (name !== undefined && labels.length === 1 && others.length === 0)
    return `namespace ${name.split('=')[1]}`;
  return `${noun} with ${[...labels, ...others].join(' ')}`;
}
