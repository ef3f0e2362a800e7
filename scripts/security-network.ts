import { type Direction, peerInWords, portInWords, rulesOf } from '../lib/kubernetes/network-policy';
import { code } from './markdown';
import type { RenderedObject } from './objects';

/** The rules of every NetworkPolicy for one direction. */
export function connections(objects: readonly RenderedObject[], direction: Direction): string[][] {
  return objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .flatMap((policy) => {
      const name = code(policy.metadata.name);
      const rules = rulesOf(policy, direction);
      if (rules.length === 0) return [[name, 'none', 'none']];
      return rules.map(({ peers, ports }) => [
        name,
        ports.map(portInWords).join(', '),
        peers.map((peer) => peerInWords(peer)).join('; '),
      ]);
    });
}

/** The routed paths of every Ingress host. */
export function routes(objects: readonly RenderedObject[]): string[][] {
  return objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ spec }) => spec.rules)
    .map(({ host, http }: RenderedObject) => [
      code(host),
      http.paths
        .map(
          ({ path, pathType }: RenderedObject) => `${code(path)}${pathType === 'Prefix' ? ' and below' : ''}`,
        )
        .join(', '),
    ]);
}
