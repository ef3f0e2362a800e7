import { canonical } from '../diff/canonical';
import { at, isMap, type Json, listAt, mapAt, textAt } from '../manifests/json';
import type { Manifest } from '../manifests/manifest';

/** Directions that a policy restricts. */
export function directions({ content }: Manifest): string[] {
  const written = listAt(content, 'spec', 'policyTypes').map(String);
  if (written.length > 0) return written;
  return at(content, 'spec', 'egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

/** Each peer and port that a policy allows, in words. */
export function edgesOf(object: Manifest): string[] {
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

/** Pods that a policy is about, in words. */
export function pods({ content }: Manifest): string {
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
