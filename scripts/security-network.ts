import { code } from './markdown';
import type { RenderedObject } from './objects';

/** The rules of every NetworkPolicy for one direction. */
export function connections(objects: readonly RenderedObject[], direction: 'ingress' | 'egress'): string[][] {
  return objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .flatMap(({ metadata, spec }) => {
      const rules: RenderedObject[] = spec[direction] ?? [];
      if (rules.length === 0) return [[code(metadata.name), 'none', 'nobody']];
      return rules.map(({ from, to, ports }) => [
        code(metadata.name),
        ports
          .map(({ port, protocol }: RenderedObject) =>
            protocol === 'TCP' ? port : `${port}/${protocol.toLowerCase()}`,
          )
          .join(', '),
        (from ?? to).map(peer).join('; '),
      ]);
    });
}

function peer({ namespaceSelector, podSelector, ipBlock }: RenderedObject): string {
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
