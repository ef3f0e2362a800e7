import { type Endpoint, reaches } from '../../lib/kubernetes/network-reachability';
import { selects } from '../../lib/kubernetes/selectors';
import { workloadsOf } from '../../scripts/objects';
import type { Manifest } from './render';

/** The existing pods that connect to the stack. */
export interface ExistingPods {
  readonly grafana: Endpoint;
  readonly prometheus: Endpoint;
}

/** Somebody who connects to a Service, and the port: its number, or its name in the Service. */
interface Connection {
  readonly from: string;
  readonly pod: Endpoint;
  /** Name of the Service. */
  readonly service: string;
  readonly port: number | string;
}

/** Every connection to a Service of the stack that its configs, its datasources and its ServiceMonitors name. */
export function connectionsIn(objects: readonly Manifest[], existing: ExistingPods): Connection[] {
  const services = objects.filter(({ kind }) => kind === 'Service');
  const configured = workloadsOf(objects).flatMap(({ metadata, spec }) => {
    const mounted = spec.template.spec.volumes.map((volume: Manifest) => volume.configMap?.name);
    const pod = { namespace: metadata.namespace, labels: spec.template.metadata.labels };
    return objects
      .filter((one) => one.kind === 'ConfigMap' && mounted.includes(one.metadata.name))
      .flatMap(({ data }) => addresses(Object.values<string>(data).join('\n'), services))
      .filter(({ service }) => service !== metadata.name)
      .map((address) => ({ from: metadata.name, pod, ...address }));
  });
  const queried = objects
    .filter(({ kind }) => kind === 'Secret')
    .flatMap(({ stringData }) => addresses(Object.values<string>(stringData).join('\n'), services))
    .map((address) => ({ from: 'Grafana', pod: existing.grafana, ...address }));
  const scraped = objects
    .filter(({ kind }) => kind === 'ServiceMonitor')
    .flatMap(({ spec }) =>
      services
        .filter(({ metadata }) => selects(spec.selector, metadata.labels))
        .flatMap(({ metadata }) =>
          spec.endpoints.map(({ port }: Manifest) => ({ service: metadata.name, port })),
        ),
    )
    .map((target) => ({ from: 'Prometheus', pod: existing.prometheus, ...target }));
  return [...configured, ...queried, ...scraped];
}

/** Addresses of Services in a text: `loki:3100`, `loki.monitoring.svc.cluster.local:3100`. */
function addresses(text: string, services: readonly Manifest[]): { service: string; port: number }[] {
  return services.flatMap((service) => {
    const { name, namespace } = service.metadata;
    const address = new RegExp(`(?<![\\w.-])${name}(?:\\.${namespace}\\.svc[\\w.-]*)?:(\\d+)`, 'g');
    return [...text.matchAll(address)].map(([, port]) => ({ service: name, port: Number(port) }));
  });
}

/** Connections that lead to no port of a Service, to no pod, or that the NetworkPolicies do not allow. */
export function brokenConnections(
  objects: readonly Manifest[],
  connections: readonly Connection[],
): string[] {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const pods = workloadsOf(objects).map(({ metadata, spec }) => ({
    namespace: metadata.namespace,
    labels: spec.template.metadata.labels,
  }));
  return connections.flatMap(({ from, pod, service, port }) => {
    const { metadata, spec } = objects.find((one) => one.kind === 'Service' && one.metadata.name === service);
    const what = `${from} → ${service}:${port}`;
    const open = spec.ports.find((one: Manifest) => one.port === port || one.name === port);
    if (!open) return [`${what}: the Service has no such port`];
    const destination = pods.find(
      ({ namespace, labels }) =>
        namespace === metadata.namespace && selects({ matchLabels: spec.selector }, labels),
    );
    if (!destination) return [`${what}: the Service selects no pod`];
    return reaches(policies, pod, destination, `${open.port}/${open.protocol}` as `${number}/TCP`)
      ? []
      : [`${what}: NetworkPolicies do not allow it`];
  });
}
