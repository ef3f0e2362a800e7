import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { bill } from '../lib/budget/bill';
import { excesses } from '../lib/budget/budget';
import { stackSettings } from '../lib/settings';
import { ValuesError } from '../lib/values/problem';
import { parseValues } from '../lib/values/read-values';
import { CASE_NAMES, caseManifests, caseValues, type Manifest, manifests } from './support/render';
import { altered, settingPaths, without } from './support/setting-paths';

/** What a values file leads to: manifests and their bill, or the mistakes in it. */
function outcome(values: object): string {
  try {
    const settings = parseValues('values.yaml', JSON.stringify(values), stackSettings);
    const objects = manifests(settings);
    const requested = bill(objects, settings.cluster.nodes);
    const [excess] = excesses(requested, settings.budget);
    return excess?.message ?? JSON.stringify([...objects, requested.total]);
  } catch (error) {
    if (error instanceof ValuesError) return error.message;
    throw error;
  }
}

const CASES = CASE_NAMES.map((name) => ({ name, values: parse(caseValues(name)) as object }));

/** A dashboard as what it asks: its JSON is one long line, and is pinned by dist/. */
function readable(object: Manifest): Manifest {
  if (!object.metadata.name.startsWith('grafana-dashboard-')) return object;
  const questions = Object.values<string>(object.data).map((text) => {
    const { title, panels } = JSON.parse(text);
    const asked = panels.map((panel: Manifest) => [
      panel.title,
      ...(panel.targets ?? []).map(({ expr, query }: Manifest) => expr ?? query ?? ''),
    ]);
    return { title, panels: asked };
  });
  return { ...object, data: questions };
}

// The default case is pinned by dist/ itself.
test.each(CASE_NAMES.filter((name) => name !== 'default'))('renders the case %s as reviewed', (name) => {
  expect(caseManifests(name).map(readable)).toMatchSnapshot();
});

/** Settings that leave no trace of their own: two permit what others ask for, two say which others there are. */
const WITHOUT_TRACE = [
  'ingress.openToTheInternet',
  'grafana.existingDatasources',
  'ingress.authentication.type',
  'tracing.sampling.type',
];

/** Settings that render nothing and refuse what contradicts them, each with a value that refuses its case. */
const REFUSED: Record<string, unknown> = {
  'budget.cpu': '500m',
  'budget.memory': '1Gi',
  'budget.storage': '10Gi',
  'budget.pods': 2,
  'capacity.logsPerDay': '900Gi',
  'capacity.busiestStream': '7Mi',
  'capacity.activeStreams': 5_000,
  'capacity.spansPerSecond': 600,
  'capacity.spanSize': '64Ki',
  'capacity.keptPercentage': 100,
  'cluster.podsPerNode': 1_000,
  'cluster.containersPerPod': 100,
  'cluster.newPodsPerHour': 100_000,
};

describe('every setting', () => {
  test.each(settingPaths())('%s is in a case, and decides something there', (path) => {
    const cases = CASES.flatMap(({ name, values }) => {
      const rest = without(values, path);
      return rest === undefined ? [] : [{ name, values, rest }];
    });
    const decisive = cases.find(({ values, rest }) => {
      if (path in REFUSED) return !outcome(altered(values, path, REFUSED[path])).startsWith('[');
      const [as, bare] = [outcome(values), outcome(rest)];
      if (bare.startsWith('[') || WITHOUT_TRACE.includes(path)) return as !== bare;
      // It cannot be left out there, so that another value has to make the difference.
      const other = outcome(altered(values, path));
      return other.startsWith('[') && as !== other;
    });

    expect(cases.map(({ name }) => name)).not.toEqual([]);
    expect(decisive?.name).toBeDefined();
  });
});
