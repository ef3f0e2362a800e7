import { expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { findingsOf } from '../review/support';
import { type Manifest, manifests, settings } from '../support/render';

const stack = (sampling: object = {}) =>
  manifests(settings({ tracing: { sampling: { type: 'tail', ...sampling } } }));

/** Effects and rules of changes to the config of the collector. */
const assessed = (old: Manifest[], next: Manifest[]) =>
  findingsOf(old, next)
    .filter(
      ({ object, rule }) => /^ConfigMap .*otel-collector$/.test(`${object}`) || rule.startsWith('collector-'),
    )
    .filter(({ rule }) => rule.startsWith('collector-') || rule === 'unknown-key')
    .map(({ effect, rule }) => `${effect} ${rule}`);

test('a second tier of collectors is one change, and not the loss of everything that moves there', () => {
  const [one, two] = [stack(), stack({ replicas: 3 })];

  expect(assessed(one, two)).toEqual(['restarts collector-two-tiers', 'live collector-connections']);
  expect(assessed(two, one)).toEqual(['restarts collector-one-tier', 'live collector-connections']);
});

test('another distribution splits traces', () => {
  const [old, next] = [stack({ replicas: 3 }), stack({ replicas: 3 })];
  const map = next.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'otel-collector');
  const config = parse(map.data['collector.yaml']);
  config.exporters.load_balancing.routing_key = 'service';
  map.data['collector.yaml'] = stringify(config);

  expect(assessed(old, next)).toEqual(['data-loss collector-distribution']);
});
