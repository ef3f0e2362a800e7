import { expect, test } from '@jest/globals';
import { type Endpoint, type PacketPort, reaches } from '../../lib/kubernetes/network-reachability';
import type { Manifest } from '../support/render';

const SERVER: Endpoint = { namespace: 'here', labels: { app: 'server' }, address: '10.1.0.1' };
const CLIENT: Endpoint = { namespace: 'there', labels: { app: 'client' }, address: '10.1.0.2' };
const ADDRESS: Endpoint = { address: '10.1.0.2' };

const policy = (spec: object): Manifest => ({
  metadata: { namespace: 'here' },
  spec: { podSelector: { matchLabels: { app: 'server' } }, ...spec },
});

const from = (peer: object) => policy({ ingress: [{ from: [peer] }] });
const port = (one: object) => policy({ ingress: [{ ports: [one] }] });
const there = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'there' } } };
const expression = (operator: string, values?: string[]) =>
  from({ ...there, podSelector: { matchExpressions: [{ key: 'app', operator, values }] } });

/** By https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
test.each<[string, Manifest[], Endpoint, PacketPort, boolean]>([
  ['no policy lets all through', [], CLIENT, '80/TCP', true],
  [
    'a policy of other pods changes nothing',
    [policy({ podSelector: { matchLabels: { app: 'x' } } })],
    CLIENT,
    '80/TCP',
    true,
  ],
  ['a policy without rules lets nothing in', [policy({})], CLIENT, '80/TCP', false],
  ['an empty selector takes every pod', [policy({ podSelector: {} })], CLIENT, '80/TCP', false],
  ['a policy for egress lets all in', [policy({ policyTypes: ['Egress'] })], CLIENT, '80/TCP', true],
  ['an empty rule lets all in', [policy({ ingress: [{}] })], CLIENT, '80/TCP', true],
  ['an empty list of peers lets all in', [policy({ ingress: [{ from: [] }] })], CLIENT, '80/TCP', true],
  ['one policy of several is enough', [policy({}), policy({ ingress: [{}] })], CLIENT, '80/TCP', true],
  ['a selector of pods means those of its namespace', [from({ podSelector: {} })], CLIENT, '80/TCP', false],
  [
    'an empty selector of namespaces means every pod',
    [from({ namespaceSelector: {} })],
    CLIENT,
    '80/TCP',
    true,
  ],
  ['and no address', [from({ namespaceSelector: {} })], ADDRESS, '80/TCP', false],
  ['a namespace is known by its name', [from(there)], CLIENT, '80/TCP', true],
  [
    'both selectors have to match',
    [from({ ...there, podSelector: { matchLabels: { app: 'x' } } })],
    CLIENT,
    '80/TCP',
    false,
  ],
  ['In', [expression('In', ['client'])], CLIENT, '80/TCP', true],
  ['NotIn', [expression('NotIn', ['client'])], CLIENT, '80/TCP', false],
  ['Exists', [expression('Exists')], CLIENT, '80/TCP', true],
  ['DoesNotExist', [expression('DoesNotExist')], CLIENT, '80/TCP', false],
  ['a block of addresses', [from({ ipBlock: { cidr: '10.1.0.0/24' } })], ADDRESS, '80/TCP', true],
  ['another block', [from({ ipBlock: { cidr: '10.2.0.0/24' } })], ADDRESS, '80/TCP', false],
  [
    'a block but for a part',
    [from({ ipBlock: { cidr: '10.1.0.0/24', except: ['10.1.0.2/32'] } })],
    ADDRESS,
    '80/TCP',
    false,
  ],
  ['a block of the other family', [from({ ipBlock: { cidr: '2001:db8::/32' } })], ADDRESS, '80/TCP', false],
  ['a port is one of TCP', [port({ port: 80 })], CLIENT, '80/UDP', false],
  ['every port of a protocol', [port({ protocol: 'UDP' })], CLIENT, '80/UDP', true],
  ['a range of ports', [port({ port: 80, endPort: 90 })], CLIENT, '90/TCP', true],
  ['past the range', [port({ port: 80, endPort: 90 })], CLIENT, '91/TCP', false],
])('%s', (_, policies, client, wanted, expected) => {
  expect(reaches(policies, client, SERVER, wanted)).toBe(expected);
});

test('egress rules without policyTypes apply to egress and ingress', () => {
  const policies = [policy({ egress: [{ to: [there] }] })];

  expect(reaches(policies, SERVER, CLIENT, '80/TCP')).toBe(true);
  expect(reaches(policies, SERVER, { ...CLIENT, namespace: 'elsewhere' }, '80/TCP')).toBe(false);
  expect(reaches(policies, CLIENT, SERVER, '80/TCP')).toBe(false);
});
