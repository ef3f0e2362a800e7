import * as z from 'zod';
import { cidr, isWide } from '../values/cidr';
import { hostName, optional } from '../values/fields';
import { rule } from '../values/rule';

/** The value that confirms that logs and traces are open to everyone. */
export const OPEN_PHRASE = 'anyone may read every log and trace';

export const SCHEMES = ['internal', 'internet-facing'] as const;

/** Host names of the query APIs. */
export const queryHostFields = z
  .strictObject({
    loki: optional(hostName('loki.example.com')).describe(
      'Host name of Loki; null uses "loki." followed by cluster.domain.',
    ),
    tempo: optional(hostName('tempo.example.com')).describe(
      'Host name of Tempo; null uses "tempo." followed by cluster.domain.',
    ),
  })
  .prefault({})
  .describe('Host names.');

/** Blocks of client addresses. */
export const clientCidrs = () => z.array(cidr(), { error: 'must be a list of CIDR blocks' }).prefault([]);

/**
 * The setting that confirms an open entrance.
 *
 * @param entrance What is open, such as `an internet-facing Ingress`.
 */
export const openPhrase = (entrance: string) =>
  optional(z.literal(OPEN_PHRASE)).describe(
    `Must be "${OPEN_PHRASE}" for ${entrance} with neither authentication nor allowedCidrs.`,
  );

/** Settings that decide who may connect. */
interface Exposure {
  readonly enabled: boolean;
  readonly scheme: (typeof SCHEMES)[number];
  readonly allowedCidrs?: readonly string[];
  readonly authentication: { readonly type: string };
  readonly openToTheInternet?: string | undefined;
}

/** Rules for an entrance: nobody opens it to the internet by mistake. */
export function exposureRules(section: 'ingress' | 'gateway') {
  return [
    rule<Exposure>(
      ['openToTheInternet', 'enabled', 'scheme', 'controller', 'allowedCidrs', 'authentication'],
      ({ enabled, scheme, allowedCidrs, authentication, openToTheInternet }) => {
        const guarded = authentication.type !== 'none' || guards(allowedCidrs ?? []);
        return enabled && scheme === 'internet-facing' && !guarded && openToTheInternet === undefined
          ? `must be "${OPEN_PHRASE}" if that is intended; otherwise set ${section}.authentication, public blocks in ${section}.allowedCidrs, or ${section}.scheme: internal`
          : undefined;
      },
    ),
    rule<Exposure>(['allowedCidrs', 'openToTheInternet'], ({ allowedCidrs, openToTheInternet }) => {
      const wide = allowedCidrs?.find(isWide);
      return wide !== undefined && openToTheInternet === undefined
        ? `must not contain ${wide}, which is a large part of the internet; list smaller blocks`
        : undefined;
    }),
  ];
}

/**
 * Whether a list of addresses keeps the internet out. Private addresses do not: every client has one behind a load
 * balancer that replaces the client's address with its own.
 */
function guards(allowedCidrs: readonly string[]): boolean {
  const isPrivate = (block: string) =>
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/i.test(
      block,
    );
  return allowedCidrs.length > 0 && !allowedCidrs.some(isPrivate);
}

/** Host names of the query APIs outside the cluster. */
export function queryHosts(
  { hosts }: { readonly hosts: z.output<typeof queryHostFields> },
  { domain }: { readonly domain: string },
) {
  return { loki: hosts.loki ?? `loki.${domain}`, tempo: hosts.tempo ?? `tempo.${domain}` };
}
