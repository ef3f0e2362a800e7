import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Ajv from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { stackSettings } from '../../lib/settings';
import { merged } from '../../lib/values/merge';
import { readClusters } from '../../lib/values/read-clusters';
import { readValues } from '../../lib/values/read-values';
import { resolvedValues } from '../../lib/values/resolved';
import { CASE_NAMES, caseSettings, caseValues } from '../support/render';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'extends-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes files of the folder. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const clusters = () => readClusters(folder, stackSettings);
const settings = (name: string) => readValues(join(folder, `${name}.yaml`), stackSettings).settings;

/** The mistakes in the folder, one line each, without the path of the folder. */
function mistakes(files: Readonly<Record<string, string>>): string[] {
  write(files);
  try {
    clusters();
    return [];
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '').split('\n');
  }
}

const CLUSTER = 'extends: _base.yaml\ncluster: {domain: example.com}\n';

describe('a values file that extends another', () => {
  test('merges maps, and replaces lists and single values, also by null', () => {
    write({
      '_base.yaml':
        'loki: {retention: 14d, storage: {size: 40Gi}}\nlogs: {labels: [namespace, pod, container, app]}\nmonitoring: {repositoryUrl: https://git.example.com/x}\n',
      'prod.yaml': `${CLUSTER}loki: {storage: {size: 50Gi}}\nlogs: {labels: [namespace, pod, container]}\nmonitoring: {repositoryUrl: null}\n`,
    });
    const { loki, logs, monitoring } = settings('prod');

    expect(loki.retention.written).toBe('14d');
    expect(String(loki.storage.size)).toBe('50Gi');
    expect(logs.labels).toEqual(['namespace', 'pod', 'container']);
    expect(monitoring.repositoryUrl).toBeUndefined();
  });

  test('extends a chain of files in other folders, the closest of which decides', () => {
    write({
      '_base.yaml': 'loki: {retention: 14d}\ncluster: {nodes: 4, podsPerNode: 10}\n',
      'eu/_region.yaml': 'extends: ../_base.yaml\ncluster: {nodes: 5}\n',
      'eu/prod.yaml': 'extends: _region.yaml\ncluster: {domain: eu.example.com}\n',
    });
    const { cluster, loki } = settings('eu/prod');

    expect([cluster.nodes, cluster.podsPerNode, loki.retention.written]).toEqual([5, 10, '14d']);
  });

  test('describes a cluster, and the file that it extends does not', () => {
    write({ '_base.yaml': '', 'eu/_base.yaml': '', 'eu/prod.yaml': CLUSTER, 'default.yaml': CLUSTER });

    expect(clusters().map(({ name }) => name)).toEqual(['default', 'eu/prod']);
  });

  test.each([
    ['tracing', '{sampling: {type: tail, percentage: 5}}', '{sampling: {type: client}}'],
    [
      'ingress',
      '{controller: alb, enabled: true, scheme: internal, authentication: {type: none}}',
      '{controller: traefik, tlsSecretName: tls}',
    ],
  ])(
    'chooses another alternative of %s without what applies only to the one of its base',
    (key, base, own) => {
      expect(
        mistakes({ '_base.yaml': `${key}: ${base}\n`, 'prod.yaml': `${CLUSTER}${key}: ${own}\n` }),
      ).toEqual([]);
    },
  );

  test.each(CASE_NAMES)('leads to the settings of case %s, however they are divided', (name) => {
    const whole = parse(caseValues(name)) as object;
    /** Maps of the case, divided at random between two files. */
    const divided = (data: object, choose: () => number): [object, object] => {
      const files: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
      for (const [key, value] of Object.entries(data)) {
        const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
        const choice = choose();
        if (!isMap || choice < 2) files[(choice % 2) as 0 | 1][key] = value;
        else [files[0][key], files[1][key]] = divided(value, choose);
      }
      return files;
    };
    const wanted = caseSettings(name);

    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(3)), (choices) => {
        const [own, base] = divided(whole, () => choices.next().value ?? 0);
        write({
          '_base.yaml': JSON.stringify(base),
          'prod.yaml': JSON.stringify({ extends: '_base.yaml', ...own }),
        });
        expect(merged([own, base])).toEqual(whole);
        expect(settings('prod')).toEqual(wanted);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a mistake in values that several files make up', () => {
  test.each([
    ['a value', { _base: 'loki:\n  retention: 7dd', own: '' }, '_base.yaml:2:14: loki.retention must be'],
    [
      'a value of its own',
      { _base: 'loki:\n  retention: 7d', own: 'loki: {retention: 7dd}' },
      'prod.yaml:3:19: ',
    ],
    ['a key', { _base: 'loki:\n  retension: 7d', own: 'loki: {}' }, '_base.yaml:2:3: loki.retension is not'],
    [
      'an item of a list that replaces another',
      {
        _base: 'logs: {labels: [namespace, pod, container, level]}',
        own: 'logs: {labels: [namespace, pod, container, team]}',
      },
      'prod.yaml:3:44: logs.labels[3] must be',
    ],
    [
      'a contradiction, of which the cluster writes one half',
      {
        _base: 'logs: {labels: [namespace, pod, container, app, node, stream]}',
        own: 'loki: {limits: {maxLabelNames: 5}}',
      },
      'prod.yaml:3:32: logs.labels must not contain more labels',
    ],
    [
      'a contradiction in the base',
      {
        _base:
          'loki: {limits: {maxLabelNames: 5}}\nlogs: {labels: [namespace, pod, container, app, node, stream]}',
        own: '',
      },
      '_base.yaml:2:16: logs.labels must not contain more labels',
    ],
    [
      'a map that is none',
      { _base: 'loki: {retention: 7d}', own: 'loki: 7d' },
      'prod.yaml:3:7: loki must be a map',
    ],
    ['YAML', { _base: 'loki: &x {}', own: '' }, '_base.yaml:1:10: the anchor "&x" is not allowed'],
  ])('has %s told where it is written', (_, { _base, own }, message) => {
    const found = mistakes({ '_base.yaml': `${_base}\n`, 'prod.yaml': `${CLUSTER}${own}\n` });

    expect(found).toEqual([expect.stringContaining(message)]);
    if (message.startsWith('_base') && !message.includes('anchor'))
      expect(found[0]).toMatch(/ \(extended by prod\.yaml\)$/);
  });

  test('has what is missing told in the file of the cluster', () => {
    expect(mistakes({ '_base.yaml': 'cluster: {nodes: 3}\n', 'prod.yaml': 'extends: _base.yaml\n' })).toEqual(
      [
        'prod.yaml:1:1: cluster.domain is missing; it must be a host name in lower case such as "example.com"',
      ],
    );
  });

  test('is told once for all clusters', () => {
    const many = Array.from({ length: 20 }, (_, index) => [`c${index + 10}.yaml`, CLUSTER] as const);

    expect(
      mistakes({ '_base.yaml': 'loki: {retention: 0d}\ntempo: &a {}\n', ...Object.fromEntries(many) }),
    ).toEqual([
      expect.stringMatching(
        /^_base\.yaml:1:19: loki\.retention must be .+ \(extended by c10\.yaml, c11\.yaml, c12\.yaml and 17 more\)$/,
      ),
      '_base.yaml:2:11: the anchor "&a" is not allowed in a values file; write the value out',
    ]);
  });

  test.each([
    ['gone', '_gone.yaml', '1:10: extends names _gone.yaml, which cannot be read: it does not exist'],
    ['itself', '_a.yaml', '1:10: extends must not lead back to _a.yaml: prod.yaml → _a.yaml → _a.yaml'],
    ['a cluster', 'other.yaml', '1:10: extends must be the path of a file whose name starts with "_"'],
    ['an absolute path', '/etc/_base.yaml', '1:10: extends must be the path of a file'],
    [
      'nothing',
      '',
      '1:10: extends must be the path of a file whose name starts with "_", relative to this file, such as "_base.yaml" or "../_base.yaml", got null',
    ],
    ['a list', '[_a.yaml]', 'got a map or a list'],
  ])('such as extending %s is told', (_, base, message) => {
    const [first] = mistakes({
      '_a.yaml': 'extends: _a.yaml\n',
      'prod.yaml': `extends: ${base}\ncluster: {domain: example.com}\n`,
    });

    expect(first).toContain(message);
  });

  test('such as two names that Kubernetes objects cannot tell apart is told', () => {
    expect(
      mistakes({ 'eu-prod.yaml': CLUSTER, 'eu/prod.yaml': CLUSTER, '_base.yaml': '', 'eu/_base.yaml': '' }),
    ).toEqual(['eu/prod.yaml:1:1: must be renamed: eu-prod.yaml has the same name in GitOps objects']);
  });
});

describe('the resolved values of a cluster', () => {
  test('name the file, line and column of each value, and say what is a default or derived', () => {
    write({
      '_base.yaml': 'loki:\n  retention: 14d\n  limits: {maxStreams: 4000}\n',
      'prod.yaml': `${CLUSTER}loki: {limits: {maxStreams: 6000}}\n`,
    });
    const resolved = resolvedValues(readValues(join(folder, 'prod.yaml'), stackSettings), stackSettings);
    const of = (wanted: string) => {
      const { value, origin } = resolved.find(({ path }) => path === wanted) ?? { value: '', origin: '' };
      return [value, origin.replace(`${folder}/`, '')];
    };

    expect(of('loki.retention')).toEqual(['14d', '_base.yaml:2:14']);
    expect(of('loki.limits.maxStreams')).toEqual(['6000', 'prod.yaml:3:29']);
    expect(of('tempo.retention')).toEqual(['3d', 'default']);
    expect(of('tempo.storage.size')).toEqual(['20Gi', 'default']);
    expect(of('loki.limits.ingestionRate')).toEqual(['48Mi', 'derived']);
    expect(of('tracing.sampling.type')).toEqual(['tail', 'default']);
  });

  test.each(CASE_NAMES)('of case %s lead to the same settings when written out', (name) => {
    const settings = caseSettings(name);
    write({ 'prod.yaml': caseValues(name) });
    const resolved = resolvedValues(readValues(join(folder, 'prod.yaml'), stackSettings), stackSettings);
    const nested = (path: string, value: string) =>
      path.split('.').reduceRight<unknown>((data, key) => ({ [key]: data }), parse(value) ?? null);
    const written = merged(resolved.map(({ path, value }) => nested(path, value)));
    write({ 'prod.yaml': JSON.stringify(written) });

    expect(readValues(join(folder, 'prod.yaml'), stackSettings).settings).toEqual(settings);
  });
});

test.each([
  'loki: {retention: 14d}\ntracing: {sampling: {percentage: 5}}\n',
  'extends: ../_base.yaml\ningress: {authentication: {type: basic}}\ncluster: {nodes: 3}\n',
])('an editor accepts a part of the settings, as in a base file: %j', (text) => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync('values/schema.json', 'utf8')));

  expect(validate(parse(text)) || validate.errors).toBe(true);
  expect(validate(parse(`${text}loky: {}\n`))).toBe(false);
});
