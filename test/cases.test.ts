import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { stackSettings } from '../lib/settings';
import { ValuesError } from '../lib/values/problem';
import { parseValues } from '../lib/values/read-values';
import { CASE_NAMES, caseManifests, caseValues, manifests } from './support/render';
import { settingPaths, without } from './support/setting-paths';

/** What a values file leads to: manifests, or the mistakes in it. */
function outcome(values: object): string {
  try {
    return JSON.stringify(manifests(parseValues('values.yaml', JSON.stringify(values), stackSettings)));
  } catch (error) {
    if (error instanceof ValuesError) return error.message;
    throw error;
  }
}

const CASES = CASE_NAMES.map((name) => ({ name, values: parse(caseValues(name)) as object }));

// The default case is pinned by dist/ itself.
test.each(CASE_NAMES.filter((name) => name !== 'default'))('renders the case %s as reviewed', (name) => {
  expect(caseManifests(name)).toMatchSnapshot();
});

describe('every setting', () => {
  test.each(settingPaths())('%s is in a case, and decides something there', (path) => {
    const cases = CASES.flatMap(({ name, values }) => {
      const rest = without(values, path);
      return rest === undefined ? [] : [{ name, values, rest }];
    });
    const decisive = cases.filter(({ values, rest }) => outcome(values) !== outcome(rest));

    expect(cases.map(({ name }) => name)).not.toEqual([]);
    expect(decisive.map(({ name }) => name)).not.toEqual([]);
  });
});
