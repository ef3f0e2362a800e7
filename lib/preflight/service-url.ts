import type { Cluster } from './cluster';
import type { ObjectOf } from './kinds';

type Service = ObjectOf<'Service'>;

/** What a URL inside the cluster resolves to. */
export interface UrlTarget {
  /** Whether the URL is that of a Service at all. */
  readonly inside: boolean;
  /** Number of the port in the URL. */
  readonly port: number;
  /** The Service, if it exists and has that port. */
  readonly service?: Service;
  /** Other Services of the same software. */
  readonly candidates: readonly Service[];
}

/**
 * Finds the Service of a URL.
 *
 * @param clientNamespace Namespace of the client, in which a short name is looked up.
 * @param app Value of `app.kubernetes.io/name` that the Services of the software select.
 */
export function urlTarget(url: string, clientNamespace: string, app: string, cluster: Cluster): UrlTarget {
  const { hostname, port: written, protocol } = new URL(url);
  const [name, namespace = clientNamespace, svc = 'svc'] = hostname.split('.');
  const port = Number(written || (protocol === 'https:' ? 443 : 80));
  const services = cluster.some('Service');
  const service = services.find(
    ({ metadata, spec }) =>
      metadata.name === name &&
      metadata.namespace === namespace &&
      spec?.ports?.some((one) => one.port === port) === true,
  );
  const candidates = services.filter(
    ({ spec }) => spec?.selector?.['app.kubernetes.io/name'] === app && spec.clusterIP !== 'None',
  );
  return { inside: svc === 'svc', port, candidates, ...(service && { service }) };
}

/** The URL of a Service. */
export function urlOf({ metadata, spec }: Service): string {
  return `http://${metadata.name}.${metadata.namespace}:${spec?.ports?.[0]?.port}`;
}
