import type { KubernetesObject } from '../kubernetes/object';

/** A file in the Kubernetes source, for rules that no page documents. */
export const kubernetesSource = (path: string): string =>
  `https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/${path}`;

/** A list on one line, complete. Reports shorten it if necessary. */
export function listed(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.join(', ');
}

/** `1 pod`, `3 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration in a unit without a long fraction: `7 days`, `36 hours`. */
export function span(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'indefinitely';
  const units: readonly [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [unit, size] = units.find(([, one]) => seconds === one || seconds >= 2 * one) ?? ['second', 1];
  return counted(Number((seconds / size).toFixed(1)), unit);
}

/** A string without passwords in URLs: `https://user:***@host`. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(\w+:\/\/[^\s:/@]+:)[^\s@/]+@/g, '$1***@');
}

/** ` -n monitoring` for an object in a namespace. */
export function inNamespace({ metadata }: Pick<KubernetesObject, 'metadata'>): string {
  return metadata.namespace ? ` -n ${metadata.namespace}` : '';
}

/** `statefulset/loki -n monitoring`, in kubectl syntax. */
export function kubectlName(object: KubernetesObject): string {
  return `${object.kind.toLowerCase()}/${object.metadata.name}${inNamespace(object)}`;
}
