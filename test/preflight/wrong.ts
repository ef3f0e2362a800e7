import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../lib/preflight/check';
import type { Manifest } from '../support/render';
import { assess, STACK } from './existing';

/** One problem of a cluster, and what preflight has to report. */
export interface Wrong {
  readonly what: string;
  /** The check that has to report it. */
  readonly id: string;
  readonly change: (objects: Manifest[]) => void;
  readonly verdict: Exclude<Verdict, 'ok'>;
  readonly observed: string;
  /** What to paste into the values file, which has to solve the problem. */
  readonly paste?: object;
  /** What to paste into the Helm values of kube-prometheus-stack. */
  readonly kubePrometheusStack?: object;
  /** @default the cluster of the README */
  readonly values?: object;
}

/** What the settings of nginx require besides, which nobody can paste for the operator. */
const CERTIFICATE = {
  ingress: { tlsSecretName: 'tls', openToTheInternet: 'anyone may read every log and trace' },
};

/** Each problem is reported in these words, and only when it exists; what to paste is valid, and solves it. */
export function reports(wrong: readonly Wrong[]): void {
  describe('preflight', () => {
    test.each(wrong)('$id reports $what', (expected) => {
      const { id, change, observed, values, verdict } = expected;
      const before = assess(id, () => {}, values);
      const results = assess(id, change, values);
      const found = results.find((result) => result.observed === observed);

      expect(before.map((result) => result.observed)).not.toContain(observed);
      expect(results.map((result) => result.observed)).toContain(observed);
      expect({ ...found, objects: [], fix: found?.fix !== '' }).toEqual({
        ...{ id, observed, verdict, fix: true, required: true, objects: [] },
        values: expected.paste,
        kubePrometheusStack: expected.kubePrometheusStack,
        source: expect.stringMatching(/^https:/),
      });
    });

    const pasted = wrong.flatMap(({ paste, ...rest }) => (paste === undefined ? [] : [{ paste, ...rest }]));
    if (pasted.length === 0) return;
    test.each(pasted)('$id solves $what by what it pastes', ({ id, change, paste, values, observed }) => {
      const needed = JSON.stringify(paste).includes('nginx') ? CERTIFICATE : {};
      const after = assess(id, change, merge(merge(values ?? STACK, paste), needed));

      expect(after.map((result) => result.observed)).not.toContain(observed);
    });
  });
}

function merge(a: Manifest, b: Manifest): Manifest {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  const isMap = (value: Manifest) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      isMap(a[key]) && isMap(b[key]) ? merge(a[key], b[key]) : (b[key] ?? a[key]),
    ]),
  );
}
