import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request, useTenants } from '../../scripts/smoke/hop';

const seen: IncomingMessage[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    seen.push(incoming);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test('smoke queries a store for all tenants, and sends to one', async () => {
  await request(`${url}/ready`);
  useTenants(url, { read: 'fake|team-a|shared', write: 'shared' });
  await request(`${url}/loki/api/v1/query_range?query=a`);
  await request(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });

  expect(seen.map(({ headers }) => headers['x-scope-orgid'])).toEqual([
    undefined,
    'fake|team-a|shared',
    'shared',
  ]);
  expect(seen.at(-1)?.headers['content-type']).toBe('application/json');
});
