import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../review/support';
import { CASE_NAMES, caseManifests, type Manifest } from '../support/render';

const templatesOf = (objects: readonly Manifest[]): Manifest[] =>
  objects.flatMap(({ kind, spec }) => (kind === 'StatefulSet' ? (spec.volumeClaimTemplates ?? []) : []));

describe('a StatefulSet with claim templates', () => {
  test('states their kind first, as the API server returns it', () => {
    const templates = CASE_NAMES.flatMap((name) => templatesOf(caseManifests(name)));

    expect(templates.map((one) => Object.keys(one))).not.toEqual([]);
    for (const template of templates) {
      expect(Object.keys(template)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
      expect(template).toMatchObject({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
    }
  });

  test('can be updated from one that did not state it', () => {
    const next = caseManifests('large');
    const old = structuredClone(next) as Manifest[];
    for (const template of templatesOf(old)) {
      delete template.apiVersion;
      delete template.kind;
    }
    const effects = findingsOf(old, next).map(({ effect, rule }) => `${effect} ${rule}`);

    expect(new Set(effects)).toEqual(new Set(['none default']));
  });
});
