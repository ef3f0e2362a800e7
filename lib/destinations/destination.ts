import type { Need } from '../constructs/connections';
import type { k8s } from '../constructs/k8s';
import { CREDENTIAL_KEYS, type DestinationSettings } from './settings';

/** A store that receives data over HTTP: one of this stack, or one in the values. */
export interface Destination extends DestinationSettings {
  /** Name among the destinations of the same signal. */
  readonly name: string;
  readonly signal: Signal;
  /** The tenant whose data it receives, if each has exporters of its own. @default it receives everything */
  readonly route?: string | undefined;
  /** Whether it is a store of this stack. */
  readonly isOwn: boolean;
}

/** What is sent to a destination. */
export type Signal = 'logs' | 'traces';

/** A destination of logs. */
export interface LogDestination extends Destination {
  readonly protocol: 'loki' | 'otlp';
}

/** A store of this stack, which requires no credentials. */
export function ownStore(name: string, signal: Signal, url: string): Destination {
  return {
    ...{ name, signal, isOwn: true, url, headers: {}, authentication: { type: 'none' } },
    ...{ tenant: undefined, caConfigMapName: undefined, caSecretName: undefined },
  };
}

/** The destinations of a map in the settings. */
export function namedDestinations<T extends object>(signal: Signal, map: Readonly<Record<string, T>>) {
  return Object.entries(map).map(([name, settings]) => ({ name, signal, isOwn: false, ...settings }));
}

/** Whether any destination is outside the stack. */
export const hasOthers = (destinations: readonly Destination[]) => destinations.some(({ isOwn }) => !isOwn);

const withoutSlash = ({ url }: Destination) => url.replace(/\/$/, '');

/** URL of the push endpoint of Loki. */
export const pushUrl = (destination: Destination) => `${withoutSlash(destination)}/loki/api/v1/push`;

/** Base URL for an OTLP exporter, which adds the path of the signal. */
export const otlpUrl = (destination: Destination & Partial<LogDestination>) =>
  destination.protocol === 'loki' ? `${withoutSlash(destination)}/otlp` : withoutSlash(destination);

/** Headers of each request. */
export function headersOf({ headers, tenant }: Destination): Readonly<Record<string, string>> {
  return { ...headers, ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }) };
}

/** Name of a destination within a pod. */
export const nameInPod = ({ name, signal }: Destination) => `${signal}-${name}`;
const directoryOf = (destination: Destination) => `/etc/destinations/${nameInPod(destination)}`;

/** Where a pod finds the credentials and the certificate authority of a destination. */
export function fileOf(
  destination: Destination,
  key: (typeof CREDENTIAL_KEYS)['basic' | 'bearer'][number] | 'ca.crt',
): string {
  return `${directoryOf(destination)}/${key}`;
}

/** Whether a destination has a certificate authority of its own. */
export const hasOwnCa = ({ caConfigMapName, caSecretName }: Destination) =>
  (caConfigMapName ?? caSecretName) !== undefined;

/** The port of a destination. */
function portOf({ url }: Destination): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);
}

/** What the pod of a sender requires. */
export interface DestinationAccess {
  readonly volumes: readonly k8s.Volume[];
  readonly volumeMounts: readonly k8s.VolumeMount[];
  /** Peers that the pod connects to. */
  readonly needs: readonly Need[];
}

/**
 * What a pod requires to send to destinations outside the stack: egress, and files, which follow a change because each
 * volume is mounted as a whole.
 */
export function destinationAccess(destinations: readonly Destination[]): DestinationAccess {
  const others = destinations.filter(({ isOwn }) => !isOwn);
  const sources = others.map((destination) => ({
    volume: `destination-${nameInPod(destination)}`,
    mountPath: directoryOf(destination),
    sources: sourcesOf(destination),
  }));
  const mounted = sources.filter((one) => one.sources.length > 0);
  return {
    volumes: mounted.map((one) => ({ name: one.volume, projected: { sources: one.sources } })),
    volumeMounts: mounted.map(({ volume, mountPath }) => ({ name: volume, mountPath, readOnly: true })),
    needs: others.map((one) => ({ to: 'destinations', ports: [{ port: portOf(one) }] })),
  };
}

function sourcesOf({ authentication, caConfigMapName, caSecretName }: Destination): k8s.VolumeProjection[] {
  const items = (...keys: string[]) => keys.map((key) => ({ key, path: key }));
  return [
    ...(authentication.type === 'none'
      ? []
      : [
          {
            secret: {
              name: authentication.secretName,
              items: items(...CREDENTIAL_KEYS[authentication.type]),
            },
          },
        ]),
    ...(caConfigMapName === undefined
      ? []
      : [{ configMap: { name: caConfigMapName, items: items('ca.crt') } }]),
    ...(caSecretName === undefined ? [] : [{ secret: { name: caSecretName, items: items('ca.crt') } }]),
  ];
}
