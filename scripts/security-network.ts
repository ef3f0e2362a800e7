import { code } from './markdown';
import type { KubernetesObject } from './objects';

/** The rules of every NetworkPolicy for one direction. */
export function connections(
  objects: readonly KubernetesObject[],
  direction: 'ingress' | 'egress',
): string[][] {
  return objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .flatMap(({ metadata, spec }) => {
      const rules: KubernetesObject[] = spec[direction] ?? [];
      if (rules.length === 0) return [[code(metadata.name), 'none', 'nobody']];
      return rules.map(({ from, to, ports }) => [
        code(metadata.name),
        ports
          .map(({ port, protocol }: KubernetesObject) =>
            protocol === 'TCP' ? port : `${port}/${protocol.toLowerCase()}`,
          )
          .join(', '),
        (from ?? to).map(peer).join('; '),
      ]);
    });
}

function peer({ namespaceSelector, podSelector, ipBlock }: KubernetesObject): string {
  if (ipBlock) return `addresses ${code(ipBlock.cidr)}`;
  const namespace = namespaceSelector.matchLabels?.['kubernetes.io/metadata.name'];
  const where = namespace === undefined ? 'of every namespace' : `in ${code(namespace)}`;
  const labels: Record<string, string> = podSelector?.matchLabels ?? {};
  // The pods of this stack are known by their name; the other label keeps those of another chart out.
  if ('app.kubernetes.io/part-of' in labels) return code(`${labels['app']}`);
  const which = Object.entries(labels).map(([key, value]) => code(`${key}=${value}`));
  return `${['pods', ...which].join(' ')} ${where}`;
}

/** The paths of every host that an Ingress has. */
export function routes(objects: readonly KubernetesObject[]): string[][] {
  return objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ spec }) => spec.rules)
    .map(({ host, http }: KubernetesObject) => [
      code(host),
      http.paths
        .map(
          ({ path, pathType }: KubernetesObject) =>
            `${code(path)}${pathType === 'Prefix' ? ' and below' : ''}`,
        )
        .join(', '),
    ]);
}
