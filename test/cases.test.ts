import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Additions } from '../lib/additions';
import { excesses } from '../lib/budget/budget';
import { clusterFile } from '../lib/cluster/cluster-file';
import { requestsOf } from '../lib/kubernetes/requests';
import { stackSettings } from '../lib/settings';
import { ValuesError } from '../lib/values/problem';
import { parseValues } from '../lib/values/read-values';
import { objectsOf } from '../scripts/objects';
import { LOGINS, NETWORKS } from './gateway/values';
import { difference } from './support/difference';
import { CASE_NAMES, caseAdditions, caseManifests, caseValues, type Manifest } from './support/render';
import { altered, settingPaths, without } from './support/setting-paths';

/** What a values file leads to: manifests, requests and the cluster they are for, or the mistakes in it. */
function outcome(values: object, additions?: Additions): string {
  try {
    const settings = parseValues('values.yaml', JSON.stringify(values), stackSettings);
    const objects = objectsOf(settings, additions);
    const requests = requestsOf(objects, { nodes: settings.cluster.nodes });
    const [excess] = excesses(requests, settings.budget);
    return excess?.message ?? JSON.stringify([...objects, requests.total, clusterFile(settings.cluster)]);
  } catch (error) {
    if (error instanceof ValuesError) return error.message;
    throw error;
  }
}

const tried = (name: string, values: object, additions?: Additions) => ({
  name,
  values,
  additions,
  whole: outcome(values, additions),
});
const CASES = CASE_NAMES.map((name) => tried(name, parse(caseValues(name)), caseAdditions(name)));

/** What differs from the case gateway only in who may use its routes; its own test says what that renders. */
const GATEWAYS = Object.entries({ ...LOGINS, ...NETWORKS }).map(([name, values]) => tried(name, values));

const idOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;

/** Copies of an object, each with another value in one of its fields. */
function* alterations(
  object: Manifest,
  path: readonly string[] = [],
): Generator<{ path: string; altered: Manifest }> {
  for (const [key, value] of Object.entries<Manifest>(path.reduce((part, step) => part[step], object))) {
    if (typeof value === 'object' && value !== null) yield* alterations(object, [...path, key]);
    else {
      const altered = structuredClone(object);
      path.reduce((part, step) => part[step], altered)[key] =
        typeof value === 'number' ? value + 1 : `${value}x`;
      yield { path: [...path, key].join('.'), altered };
    }
  }
}

/** Cases that are read next to another one than the default: the same storage with another provider or more replicas. */
const BASES: Record<string, string> = {
  gcs: 's3',
  azure: 's3',
  's3-compatible': 's3',
  large: 's3',
  central: 'nginx',
};
const baseOf = (name: string) => BASES[name] ?? 'default';

const differences = new Map<string, string>();
function differenceOf(name: string): string {
  const text = differences.get(name) ?? difference(caseManifests(baseOf(name)), caseManifests(name));
  differences.set(name, text);
  return text;
}

describe('a case', () => {
  // The default case is pinned by dist/; every other one by its difference from it or from another case.
  test.each(CASE_NAMES.filter((name) => name !== 'default').map((name) => [name, baseOf(name)]))(
    '%s differs from %s as reviewed',
    (name) => {
      expect(differenceOf(name)).toMatchSnapshot();
    },
  );

  test('has a pinned difference that covers every field', () => {
    const defaults = new Map(caseManifests('default').map((object) => [idOf(object), object]));
    const unseen = caseManifests('everything').flatMap((object) => {
      const old = defaults.has(idOf(object)) ? [defaults.get(idOf(object))] : [];
      const pinned = difference(old, [object]);
      return [...alterations(object)]
        .filter(({ altered }) => difference(old, [altered]) === pinned)
        .map(({ path }) => `${idOf(object)}: ${path}`);
    });

    // A checksum follows from the config, whose own difference is listed.
    expect(unseen.filter((field) => !field.endsWith('.checksum/config'))).toEqual([]);
    expect(unseen).toHaveLength(4);
  });

  test('is pinned in few enough lines to read', () => {
    const lines = CASE_NAMES.flatMap((name) => differenceOf(name).split('\n'));

    expect(lines.length).toBeLessThan(4400);
  });
});

/** Settings that leave no trace of their own: two permit what others ask for, three say which others there are. */
const WITHOUT_TRACE = [
  'ingress.openToTheInternet',
  'grafana.existingDatasources',
  'ingress.authentication.type',
  ...['openToTheInternet', 'scheme', 'authentication.type', 'otlp.authentication.type'].map(
    (key) => `gateway.${key}`,
  ),
  'tracing.sampling.type',
  'logs.agent',
  ...['loki', 'tempo'].flatMap((store) =>
    ['type', 'encryption.type', 'identity.type'].map((key) => `${store}.storage.${key}`),
  ),
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
  'capacity.spanSize': '60Ki',
  'capacity.keptPercentage': 100,
  'cluster.podsPerNode': 1_000,
  'cluster.containersPerPod': 100,
  'cluster.newPodsPerHour': 100_000,
};

describe('every setting', () => {
  test.each(settingPaths())('%s is in a case, and decides something there', (path) => {
    const cases = [...CASES, ...GATEWAYS].flatMap((one) => {
      const rest = without(one.values, path);
      return rest === undefined
        ? []
        : [{ ...one, rest, of: (other: object) => outcome(other, one.additions) }];
    });
    const decisive = cases.find(({ values, whole, rest, of }) => {
      if (path in REFUSED) return !of(altered(values, path, REFUSED[path])).startsWith('[');
      const bare = of(rest);
      if (bare.startsWith('[') || WITHOUT_TRACE.includes(path)) return whole !== bare;
      // It cannot be left out there, so that another value has to make the difference.
      const other = of(altered(values, path));
      return other.startsWith('[') && whole !== other;
    });

    expect(cases.map(({ name }) => name)).not.toEqual([]);
    expect(decisive?.name).toBeDefined();
  });
});
