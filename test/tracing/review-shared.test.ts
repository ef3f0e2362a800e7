import { expect, test } from '@jest/globals';
import { findingsOf } from '../review/support';
import { manifests, settings } from '../support/render';

const RESOURCES = { memory: '1Gi', memoryLimit: '4Gi' };

/** A stack whose collectors sample traces, with further settings of `tracing`. */
const sampling = (replicas: number, sampler: object = {}, more: object = {}) => ({
  tracing: { sampling: { type: 'tail', replicas, ...sampler }, resources: RESOURCES, ...more },
});

/** Three sampling collectors behind a first tier. */
const firstTier = (replicas: number, queueSize: string) =>
  sampling(3, {}, { firstTier: { replicas, queueSize } });

const independent = (replicas: number, size: string) => ({
  tracing: { sampling: { type: 'probabilistic', replicas }, queue: { size } },
});

const loki = (replicas: number, ingestionRate: string) => ({
  loki: {
    replicas,
    storage: { type: 's3', bucket: 'example', region: 'eu-central-1', identity: { type: 'pod-identity' } },
    limits: { ingestionRate, ingestionBurst: '96Mi' },
  },
});

/** Findings about the configs of daemons. */
function assessed(old: object, next: object): string[] {
  return findingsOf(manifests(settings(old)), manifests(settings(next)))
    .filter(({ object, rule }) => object.kind === 'ConfigMap' && /^(?:collector|loki|unknown)-/.test(rule))
    .map(({ effect, rule }) => `${effect} ${rule}`);
}

const SHARED = ['capacity collector-shared', 'capacity collector-sampling-memory'];

test.each<[string, object, object]>([
  ['two become three', sampling(2), sampling(3)],
  ['three become four', sampling(3), sampling(4)],
  ['four become five, and the parts are rounded', sampling(4), sampling(5)],
  ['ten become fifty, with the smallest buffer', sampling(10), sampling(50)],
  [
    'more spans are expected',
    sampling(3, { expectedSpansPerSecond: 1_000 }),
    sampling(5, { expectedSpansPerSecond: 1_900 }),
  ],
  [
    'the queues become smaller too',
    sampling(3, {}, { queue: { size: '120Mi' } }),
    sampling(4, {}, { queue: { size: '80Mi' } }),
  ],
])('more sampling collectors hold smaller parts and lose nothing: %s', (_, old, next) => {
  expect(assessed(old, next)).toEqual(SHARED);
});

test('more collectors that hold less together may lose traces', () => {
  expect(
    assessed(sampling(3, { expectedSpansPerSecond: 4_000 }), sampling(4, { expectedSpansPerSecond: 3_900 })),
  ).toEqual([
    'data-loss collector-traces-in-memory-lower',
    'data-loss collector-series-limit-lower',
    'capacity collector-sampling-memory',
  ]);
});

test('as many collectors with smaller buffers may lose traces', () => {
  expect(
    assessed(sampling(3, { expectedSpansPerSecond: 2_000 }), sampling(3, { expectedSpansPerSecond: 1_000 })),
  ).toContain('data-loss collector-traces-in-memory-lower');
});

test('a smaller queue than the others need while one restarts may lose traces', () => {
  expect(
    assessed(sampling(3, {}, { queue: { size: '120Mi' } }), sampling(4, {}, { queue: { size: '79Mi' } })),
  ).toEqual(['data-loss collector-queue-size-lower', ...SHARED]);
});

test('series of metrics are not shared: each collector sees every service', () => {
  expect(assessed(sampling(3, {}, { maxSeries: 3_000 }), sampling(4, {}, { maxSeries: 2_900 }))).toEqual([
    'data-loss collector-series-limit-lower',
    ...SHARED,
  ]);
});

test('the wait for a decision is not shared either', () => {
  expect(assessed(sampling(3, { decisionWait: '20s' }), sampling(4, { decisionWait: '10s' }))).toContain(
    'data-loss collector-decision-wait-lower',
  );
});

test('a change that is refused leaves as many collectors as before', () => {
  const volume = (size: string) => ({ queue: { storage: { size } } });

  expect(assessed(sampling(3, {}, volume('1Gi')), sampling(4, {}, volume('2Gi')))).toContain(
    'data-loss collector-traces-in-memory-lower',
  );
});

test.each<[string, object, object, string]>([
  ['first tier, as much', firstTier(2, '120Mi'), firstTier(3, '80Mi'), 'capacity collector-shared'],
  ['first tier, less', firstTier(2, '120Mi'), firstTier(3, '79Mi'), 'data-loss collector-queue-size-lower'],
  ['first tier, fewer', firstTier(3, '80Mi'), firstTier(2, '79Mi'), 'data-loss collector-queue-size-lower'],
  ['one tier, as much', independent(2, '96Mi'), independent(3, '64Mi'), 'capacity collector-shared'],
  ['one tier, less', independent(2, '96Mi'), independent(3, '63Mi'), 'data-loss collector-queue-size-lower'],
])('queues of collectors that receive are judged together: %s', (_, old, next, expected) => {
  expect(assessed(old, next)).toEqual([expected]);
});

test('more replicas of Loki change no limit', () => {
  expect(assessed(loki(3, '48Mi'), loki(5, '48Mi'))).toEqual([]);
});

test('a lower rate of each Loki may lose lines, because a connection goes to one of them', () => {
  expect(assessed(loki(3, '50Mi'), loki(5, '48Mi'))).toEqual(['data-loss loki-rate-lower']);
});
