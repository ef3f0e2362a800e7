import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LOGINS } from '../gateway/values';
import { CASE_NAMES, caseManifests, manifests, settings } from '../support/render';
import { Checkout } from './checkout';

let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const deleted = (calls: readonly string[]) =>
  calls.filter((call) => call.includes(' delete ')).map((call) => call.replace('--context staging ', ''));

describe('scripts/cleanup.sh', () => {
  test('removes the objects of this stack, but no volumes and no foreign objects', () => {
    const { calls, stdout } = checkout.run('cleanup', []);

    expect(deleted(calls)).toEqual([
      'delete StatefulSet.v1.apps/loki -n monitoring --ignore-not-found --timeout=5m',
    ]);
    expect(stdout).toContain(
      'Remaining: same name, but not managed by this stack\n    Service monitoring loki\n',
    );
  });

  test('removes volumes after the workloads with --delete-data and --yes', () => {
    const refused = checkout.run('cleanup', ['--delete-data']);
    expect(refused.status).toBe(2);
    expect(deleted(refused.calls)).toEqual([]);

    const { calls } = checkout.run('cleanup', ['--delete-data', '--yes']);
    expect(deleted(calls).map((call) => call.split(' ')[1])).toEqual([
      'StatefulSet.v1.apps/loki',
      'PersistentVolumeClaim/loki',
    ]);
  });

  test('lists remaining objects, including custom resources', () => {
    expect(checkout.run('cleanup', []).stdout).toContain('    ServiceMonitor monitoring left-over\n');
  });

  test('looks for remaining objects of exactly the rendered kinds', () => {
    const plural = (kind: string) => `${kind.toLowerCase()}s`.replace(/ys$/, 'ies').replace(/sss$/, 'sses');
    const ofGateways = Object.values(LOGINS).flatMap((values) => manifests(settings(values)));
    const rendered = [...CASE_NAMES.flatMap(caseManifests), ...ofGateways].map(({ apiVersion, kind }) => {
      const [version, group] = apiVersion.split('/').reverse();
      return group === undefined ? plural(kind) : `${plural(kind)}.${group} ${version}`.split(' ')[0];
    });
    const source = readFileSync(join(checkout.root, 'scripts', 'cleanup.sh'), 'utf8');
    const listed = /readonly KINDS=\(([^)]+)\)/
      .exec(source)?.[1]
      ?.split(/[\s,']+/)
      .filter(Boolean);

    expect(listed?.sort()).toEqual([...new Set(rendered)].sort());
  });
});
