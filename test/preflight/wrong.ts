import { describe, expect, test } from '@jest/globals';
import { type Manifest, settings } from '../support/render';
import { judge, STACK } from './existing';

/** One thing that is wrong with the cluster, and what has to be said of it. */
export interface Wrong {
  readonly what: string;
  /** The check that has to tell. */
  readonly id: string;
  readonly change: (objects: Manifest[]) => void;
  readonly verdict: 'fail' | 'warn' | 'unknown';
  readonly evidence: string;
  /** What is to be pasted into the values file. */
  readonly ours?: object;
  /** What is to be pasted into the Helm values of kube-prometheus-stack. */
  readonly kubePrometheusStack?: object;
  /** @default the cluster of the README */
  readonly values?: object;
}

/** What the settings of nginx need besides, which nobody can paste for the operator. */
const CERTIFICATE = {
  ingress: { tlsSecretName: 'tls', openToTheInternet: 'anyone may read every log and trace' },
};

/** Each is told, with the words, and was not told before; what is to be pasted exists. */
export function tells(wrong: readonly Wrong[]): void {
  describe('preflight', () => {
    test.each(wrong)('$id tells of $what', ({ id, change, evidence, values, ...expected }) => {
      const before = judge(id, () => {}, values);
      const results = judge(id, change, values);
      const found = results.find((result) => result.evidence === evidence);

      expect(before.map((result) => result.verdict)).not.toContain(expected.verdict);
      expect(results.map((result) => result.evidence)).toContain(evidence);
      expect({ ...found, cure: found?.cure !== '' }).toEqual({
        id,
        evidence,
        verdict: expected.verdict,
        ours: expected.ours,
        kubePrometheusStack: expected.kubePrometheusStack,
        cure: true,
        source: expect.stringMatching(/^https:/),
      });
    });

    const pasted = wrong.flatMap(({ what, ours, values }) =>
      ours === undefined ? [] : [{ what, ours, values }],
    );
    if (pasted.length === 0) return;
    test.each(pasted)('of $what pastes settings that exist', ({ ours, values }) => {
      const needed = JSON.stringify(ours).includes('nginx') ? CERTIFICATE : {};

      expect(() => settings(merge(merge(values ?? STACK, ours), needed))).not.toThrow();
    });
  });
}

function merge(a: Manifest, b: Manifest): Manifest {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  const isSection = (value: Manifest) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      isSection(a[key]) && isSection(b[key]) ? merge(a[key], b[key]) : (b[key] ?? a[key]),
    ]),
  );
}
