import { textAt } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/object';
import { type Cluster, Unseen } from './cluster';
import type { Desired } from './desired';

type Settings = Desired['settings'];

/** A destination in the settings, of either signal. */
type DestinationSettings = Settings['tracing']['destinations'][string];

/** What the certificate of a destination is checked with. */
export type Authority =
  | { readonly type: 'public' }
  /** A ConfigMap of the cluster, whose key ca.crt contains the certificates. */
  | { readonly type: 'own'; readonly from: KubernetesObject; readonly certificates: string }
  /** A Secret, whose contents preflight does not read, or a ConfigMap that it did not find. */
  | { readonly type: 'unread'; readonly name: string };

/** A push without data, as the agent or collector sends it, but without credentials. */
export interface DestinationRequest {
  /** Identifies the request in the answers. */
  readonly id: string;
  /** Path of the destination in the values. */
  readonly setting: string;
  readonly settings: DestinationSettings;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly authority: Authority;
  /** The Service of this cluster that the URL names. @default it is the URL of a server elsewhere */
  readonly service: { readonly name: string; readonly namespace: string } | undefined;
}

/**
 * Bodies without data. Loki answers both with 422, Tempo and OpenTelemetry Collectors the second one with 200, and none of
 * them stores anything.
 */
const EMPTY = {
  loki: { type: 'application/json', body: '{"streams": []}' },
  otlp: { type: 'application/x-protobuf', body: '' },
} as const;

/** A request for each path that the stack sends to. */
export function destinationRequests(desired: Desired, cluster: Cluster): DestinationRequest[] {
  const { logs, tracing, kubernetesEvents } = desired.settings;
  const request = (
    setting: string,
    settings: DestinationSettings,
    path: string,
    format: keyof typeof EMPTY,
  ): DestinationRequest => {
    const url = `${settings.url.replace(/\/$/, '')}${path}`;
    const tenant = Object.keys(desired.settings.tenants)[0] ?? settings.tenant;
    return {
      id: `${setting} ${url}`,
      setting,
      settings,
      url,
      headers: {
        ...settings.headers,
        ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }),
        'Content-Type': EMPTY[format].type,
      },
      body: EMPTY[format].body,
      authority: authorityOf(settings, desired, cluster),
      service: serviceIn(settings.url, desired, cluster),
    };
  };
  const usesOtlp = logs.agent !== 'promtail' || logs.otlp.enabled || kubernetesEvents.enabled;
  return [
    ...Object.entries(logs.destinations).flatMap(([name, one]) => {
      const setting = `logs.destinations.${name}`;
      return [
        ...(logs.agent === 'promtail' ? [request(setting, one, '/loki/api/v1/push', 'loki')] : []),
        ...(usesOtlp
          ? [request(setting, one, one.protocol === 'loki' ? '/otlp/v1/logs' : '/v1/logs', 'otlp')]
          : []),
      ];
    }),
    ...Object.entries(tracing.enabled ? tracing.destinations : {}).map(([name, one]) =>
      request(`tracing.destinations.${name}`, one, '/v1/traces', 'otlp'),
    ),
  ];
}

function serviceIn(url: string, { settings }: Desired, cluster: Cluster): DestinationRequest['service'] {
  const [name = '', written, third, ...domain] = new URL(url).hostname.split('.');
  const namespace = written ?? settings.cluster.namespace;
  const isInside =
    third === undefined
      ? // Two labels may also be a domain such as example.com.
        written === undefined || cluster.seen('Namespace').some(({ metadata }) => metadata.name === namespace)
      : third === 'svc' && ['', settings.cluster.dnsDomain].includes(domain.join('.'));
  return isInside ? { name, namespace } : undefined;
}

function authorityOf(
  { caConfigMapName, caSecretName }: DestinationSettings,
  { settings }: Desired,
  cluster: Cluster,
): Authority {
  const { namespace } = settings.cluster;
  if (caSecretName !== undefined) return { type: 'unread', name: `Secret ${namespace}/${caSecretName}` };
  if (caConfigMapName === undefined) return { type: 'public' };
  const from = find(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: caConfigMapName } },
    cluster,
  );
  const certificates = textAt(from, 'data', 'ca.crt');
  return from === undefined || certificates === undefined
    ? { type: 'unread', name: `ConfigMap ${namespace}/${caConfigMapName}` }
    : { type: 'own', from, certificates };
}

function find(object: KubernetesObject, cluster: Cluster): KubernetesObject | undefined {
  try {
    return cluster.find(object);
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    return undefined;
  }
}
