import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Checkout } from './checkout';

/** What leaves out the programs that deploy.sh starts besides. */
const ALONE = ['--skip-preflight', '--skip-smoke'];
let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('scripts/deploy.sh', () => {
  test.each([
    [
      'services is forbidden: User "guest" cannot patch',
      'request the permissions named above, or use another --context',
    ],
    [
      'no matches for kind\nensure CRDs are installed first',
      'install what defines the kinds named above first, such as kube-prometheus-stack: docs/setup-prometheus-first.md',
    ],
    [
      'Apply failed with 1 conflict: conflict with "kubectl-edit"',
      'another field manager changed the fields above; set them in the values, or pass --force-conflicts to overwrite them',
    ],
    [
      'spec: Forbidden: updates to statefulset spec',
      'a field above is immutable; npm run review explains what to do',
    ],
    ['exceeded quota', 'fix the error above and run this again'],
  ])('stops before it changes anything if the API server returns %j', (refusal, fix) => {
    const { status, stderr, calls } = checkout.run('deploy', ALONE, { KUBECTL_REFUSAL: refusal });

    expect(status).toBe(1);
    expect(stderr).toContain(refusal);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      new RegExp(`^deploy\\.sh: nothing was changed[:;] .*${escaped(fix)}$`),
    );
    expect(calls.filter((call) => call.includes(' apply ') && !call.includes('--dry-run=server'))).toEqual(
      [],
    );
  });

  test('applies after the API server accepts every object and waits for each workload', () => {
    const { status, calls } = checkout.run('deploy', [...ALONE, '--timeout', '30s']);
    const apply = calls.findIndex((call) => call.includes(' apply ') && !call.includes('--dry-run'));

    expect(status).toBe(0);
    expect(calls[apply]).toBe(
      `--context staging apply --server-side --field-manager=logs-and-traces -f ${join(checkout.root, 'dist')}`,
    );
    expect(calls.slice(apply + 1)).toContain(
      '--context staging rollout status -n monitoring StatefulSet/loki --timeout=30s',
    );
  });

  test('prints the address of Grafana and the Secret of its pods', () => {
    const { stdout } = checkout.run('deploy', ALONE);

    expect(stdout).toContain(
      'kubectl --context staging port-forward -n grafana service/my-grafana 3000:3001\n',
    );
    expect(stdout).toContain(
      `kubectl --context staging get secret -n grafana grafana-login -o go-template='{{index .data "password" | base64decode}}{{"\\n"}}'\n`,
    );
  });

  test("does not guess a Secret if Grafana's pods refer to none", () => {
    const { stdout } = checkout.run('deploy', ALONE, { KUBECTL_SECRET: '' });

    expect(stdout).not.toContain('get secret');
    expect(stdout).toContain('no Secret contains the Grafana password');
  });
});
