import { describe, expect, test } from '@jest/globals';
import { ValuesError } from '../../lib/values/problem';
import { workloadsOf } from '../../scripts/objects';
import { CASE_NAMES, caseManifests, type Manifest, manifests, settings } from '../support/render';

const SECTIONS = { loki: 'loki', tempo: 'tempo', tracing: 'otel-collector', logs: 'promtail' };

/** The pod of a workload, where every workload has the same scheduling. */
function podOf(name: string, scheduling: object): Manifest {
  const sections = Object.keys(SECTIONS).map((section) => [section, { scheduling }]);
  return workloadsOf(manifests(settings(Object.fromEntries(sections)))).find(
    ({ metadata }) => metadata.name === name,
  )?.spec.template.spec;
}

/** What is wrong with the scheduling of Loki. */
function mistake(scheduling: object): string {
  try {
    settings({ loki: { scheduling } });
    return '';
  } catch (error) {
    if (error instanceof ValuesError) return error.message.replace(/^\S+ /, '');
    throw error;
  }
}

describe.each(Object.values(SECTIONS))('the pod of %s', (name) => {
  test('runs on the nodes in its settings', () => {
    const tolerations = [{ key: 'dedicated', operator: 'Equal', value: 'storage', effect: 'NoSchedule' }];
    const nodeSelector = { 'kubernetes.io/arch': 'arm64' };

    expect(podOf(name, { priorityClassName: 'high', nodeSelector, tolerations })).toMatchObject({
      priorityClassName: 'high',
      nodeSelector,
      tolerations,
    });
  });

  test('has no unrequested field', () => {
    const { priorityClassName, nodeSelector, tolerations, affinity, topologySpreadConstraints } = podOf(
      name,
      {},
    );
    const agent = name === 'promtail';

    expect([priorityClassName, nodeSelector, topologySpreadConstraints]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(tolerations).toEqual(agent ? [{ operator: 'Exists' }] : undefined);
    expect(affinity === undefined).toBe(!agent);
  });

  test('keeps its affinity unchanged', () => {
    const podAntiAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'database' } } },
      ],
    };

    expect(podOf(name, { affinity: { podAntiAffinity } }).affinity.podAntiAffinity).toEqual(podAntiAffinity);
  });
});

describe('the agent', () => {
  const required = (affinity: object) =>
    podOf('promtail', { affinity }).affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution
      .nodeSelectorTerms;
  const withLogFiles = [
    { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
    { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] },
  ];
  const [one, other] = ['a', 'b'].map((key) => ({ matchExpressions: [{ key, operator: 'Exists' }] })) as [
    { matchExpressions: object[] },
    { matchExpressions: object[] },
  ];

  test('runs only on nodes with log files, with each of several terms', () => {
    const nodeSelectorTerms = [one, other];

    expect(
      required({
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
      }),
    ).toEqual(
      nodeSelectorTerms.map(({ matchExpressions }) => ({
        matchExpressions: [...withLogFiles, ...matchExpressions],
      })),
    );
  });

  test('runs only on these nodes with a preferred term', () => {
    const preferred = [{ weight: 1, preference: one }];
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: preferred };

    expect(required({ nodeAffinity })).toEqual([{ matchExpressions: withLogFiles }]);
    expect(
      podOf('promtail', { affinity: { nodeAffinity } }).affinity.nodeAffinity
        .preferredDuringSchedulingIgnoredDuringExecution,
    ).toEqual(preferred);
  });
});

test('several collectors are spread by their own labels', () => {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
  };
  const tracing = {
    sampling: { type: 'probabilistic', replicas: 2 },
    scheduling: { topologySpreadConstraints: [constraint] },
  };
  const deployment = manifests(settings({ tracing })).find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'otel-collector',
  );

  expect(deployment.spec.template.spec.topologySpreadConstraints).toEqual([
    { ...constraint, labelSelector: deployment.spec.selector },
  ]);
});

describe.each(CASE_NAMES)('the case %s', (name) => {
  const objects = caseManifests(name);

  test('has a PodDisruptionBudget for each workload with several replicas and no other', () => {
    const several = workloadsOf(objects).filter(({ spec }) => (spec.replicas ?? 1) > 1);
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');

    expect(budgets.map(({ metadata, spec }) => [metadata.name, spec.selector])).toEqual(
      several.map(({ metadata, spec }) => [metadata.name, spec.selector]),
    );
    for (const { spec } of budgets) expect(spec.maxUnavailable).toBe(1);
  });
});

test.each([
  [{ tolerations: [{}] }, 'loki.scheduling.tolerations[0].operator must be Exists without a key'],
  [
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    'loki.scheduling.tolerations[0].value must be omitted with operator Exists, got "b"',
  ],
  [
    { tolerations: [{ key: 'a', tolerationSeconds: 5 }] },
    'loki.scheduling.tolerations[0].tolerationSeconds must be omitted with an effect other than NoExecute, got 5',
  ],
  [
    { tolerations: [{ key: 'a', effect: 'NoRun' }] },
    'loki.scheduling.tolerations[0].effect must be one of NoSchedule, PreferNoSchedule, NoExecute, got "NoRun"',
  ],
  [
    { tolerations: [{ key: 'a', efect: 'NoExecute' }] },
    'loki.scheduling.tolerations[0].efect is not a setting; did you mean "effect"?',
  ],
  [{ tolerations: 'all' }, 'loki.scheduling.tolerations must be a list of tolerations, got "all"'],
  [
    { nodeSelector: { disk: true } },
    'loki.scheduling.nodeSelector.disk must be a label value such as "amd64", got true',
  ],
  [
    { priorityClassName: 'High' },
    'loki.scheduling.priorityClassName must be the name of a PriorityClass (lower case letters, digits, "-" and "."), got "High"; did you mean "high"?',
  ],
  [
    { affinity: { nodeAfinity: {} } },
    'loki.scheduling.affinity.nodeAfinity is not a setting; did you mean "nodeAffinity"?',
  ],
  [
    { topologySpreadConstraints: [] },
    'loki.scheduling.topologySpreadConstraints is not a setting; loki.scheduling accepts priorityClassName, nodeSelector, tolerations, affinity',
  ],
])('%j is refused: %s', (scheduling, message) => {
  expect(mistake(scheduling)).toBe(message);
});

test.each([
  [{ operator: 'In' }, 'values must contain a value with operator In'],
  [{ operator: 'Exists', values: ['a'] }, 'values must be omitted with operator Exists'],
  [{ operator: 'Gt', values: ['a'] }, 'values must contain exactly one whole number with operator Gt'],
  [{ operator: 'Is' }, 'operator must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt, got "Is"'],
])('the requirement %j of a node is refused: %s', (requirement, message) => {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'disk', ...requirement }] }];
  const path =
    'loki.scheduling.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]';

  expect(
    mistake({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    }),
  ).toBe(`${path}.${message}`);
});

test('one collector is not spread', () => {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
  };
  const one = (tracing: object) => () =>
    settings({ tracing: { scheduling: { topologySpreadConstraints: [constraint] }, ...tracing } });

  expect(one({})).toThrow(
    'tracing.scheduling.topologySpreadConstraints must be empty with tracing.sampling.type tail and one replica',
  );
  expect(one({ sampling: { type: 'probabilistic', replicas: 1 } })).toThrow(
    'must be empty with tracing.sampling.type',
  );
});
