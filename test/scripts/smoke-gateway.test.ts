import { describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { gatewayHops } from '../../scripts/smoke/gateway';
import type { Mark } from '../../scripts/smoke/hop';
import { GATEWAY } from '../gateway/values';
import { manifests, settings } from '../support/render';

const BASIC = { type: 'basic', secretName: 'users' };
const VALUES = {
  gateway: { ...GATEWAY, authentication: BASIC, otlp: { enabled: true, authentication: BASIC } },
};
const ACCEPTED = ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status: 'True', reason: type }));

const accepted = (object: KubernetesObject) => ({
  ...object,
  status: { parents: [{ conditions: ACCEPTED }], ancestors: [{ conditions: ACCEPTED }] },
});

/** The hops, with an answer of the Gateway by URL. */
async function hops(
  answer: (url: string) => number | Error,
  find: (object: KubernetesObject) => KubernetesObject | undefined = accepted,
  values: object = VALUES,
) {
  const mark: Mark = { id: 'smoke', startMs: Date.now(), deadlineMs: Date.now() };
  const found = settings(values);
  const all = await gatewayHops(mark, manifests(found), found, {
    find: async (object) => find(object),
    statusOf: async (url) => {
      const status = answer(url);
      if (status instanceof Error) throw status;
      return status;
    },
  });
  return all.map(({ hop, verdict, observed }) => `${verdict} ${hop}: ${observed}`);
}

describe('smoke', () => {
  test('finds routes and policies that are accepted, and closed', async () => {
    expect(await hops(() => 401)).toEqual([
      'ok gateway: SecurityPolicy logs-and-traces-queries: accepted',
      'ok gateway: SecurityPolicy logs-and-traces-otlp: accepted',
      'ok gateway: HTTPRoute loki: accepted',
      'ok gateway: HTTPRoute tempo: accepted',
      'ok gateway: HTTPRoute otlp: accepted',
      'ok gateway: loki requires a login: https://logs.example.com/loki/api/v1/status/buildinfo answers 401',
      'ok gateway: tempo requires a login: https://traces.example.com/api/status/buildinfo answers 401',
      'ok gateway: otlp requires a login: https://otlp.example.com/v1/traces answers 401',
    ]);
  });

  test.each([200, 404, 415, 429])('fails on a route that answers %i without a login', async (status) => {
    expect(await hops((url) => (url.includes('logs') ? status : 302))).toContain(
      `fail gateway: loki requires a login: https://logs.example.com/loki/api/v1/status/buildinfo answers ${status} without a login: everyone who reaches the Gateway may use it`,
    );
  });

  test('fails on a route that somebody else should protect', async () => {
    const external = { gateway: { ...GATEWAY, authentication: { type: 'external' } } };

    expect((await hops(() => 200, accepted, external)).filter((one) => one.startsWith('fail'))).toHaveLength(
      2,
    );
  });

  test('skips what cannot be reached from here, and what has no login', async () => {
    const open = { gateway: { ...GATEWAY } };

    expect((await hops(() => new Error('getaddrinfo ENOTFOUND'))).at(-1)).toBe(
      'skip gateway: otlp requires a login: https://otlp.example.com/v1/traces cannot be reached from here: getaddrinfo ENOTFOUND',
    );
    expect((await hops(() => 200, accepted, open)).at(-1)).toBe(
      'skip gateway: tempo requires a login: the values have no login',
    );
  });

  test('fails on what does not exist or is not accepted', async () => {
    const results = await hops(
      () => 401,
      (object) => (object.kind === 'SecurityPolicy' ? undefined : object),
    );

    expect(results).toContain(
      'fail gateway: SecurityPolicy logs-and-traces-queries: SecurityPolicy monitoring/logs-and-traces-queries is not accepted: it does not exist',
    );
    expect(results).toContain(
      'fail gateway: HTTPRoute loki: HTTPRoute monitoring/loki is not accepted: no controller reports it: its Gateway or listener may not exist',
    );
  });
});
