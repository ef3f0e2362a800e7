import { describe, expect, test } from '@jest/globals';
import { config, mistakes } from '../support/render';

const bucket = {
  type: 's3',
  size: '30Gi',
  bucket: 'example-loki',
  region: 'eu-central-1',
  identity: { type: 'pod-identity' },
};

describe('the periods of Loki', () => {
  test('are one of the store of loki.storage, unless others are written', () => {
    const { schema_config } = config({ loki: { storage: bucket } }, 'loki');

    expect(schema_config.configs).toMatchObject([{ from: '2024-04-01', object_store: 's3' }]);
  });

  test('are in order, and both of their stores are configured', () => {
    const periods = { '2026-12-05': 's3', '2024-04-01': 'filesystem' };
    const { schema_config, storage_config } = config({ loki: { storage: bucket, periods } }, 'loki');

    expect(schema_config.configs).toMatchObject([
      { from: '2024-04-01', object_store: 'filesystem' },
      { from: '2026-12-05', object_store: 's3' },
    ]);
    expect(storage_config.object_store).toMatchObject({ filesystem: { dir: '/loki/chunks' } });
  });

  test.each<[string, object, string]>([
    [
      'a bucket that no period uses',
      { storage: bucket, periods: { '2024-04-01': 'filesystem' } },
      'loki.periods must end with s3 (loki.storage.type): add a day in the future, such as "2030-04-01": s3, and keep the others',
    ],
    [
      'a period of a bucket that nothing describes',
      { storage: bucket, periods: { '2024-04-01': 'gcs', '2026-12-05': 's3' } },
      'loki.periods must not name gcs (2024-04-01) with loki.storage.type s3: loki.storage describes only one bucket',
    ],
    ['no period', { periods: {} }, 'loki.periods must contain a day'],
    [
      'a day that is none',
      { periods: { '2026-02-30': 'filesystem' } },
      'the key of loki.periods.2026-02-30 must be a day such as "2026-12-05"',
    ],
    [
      'a prefix beside logs on the volume',
      { storage: { ...bucket, prefix: 'a' }, periods: { '2024-04-01': 'filesystem', '2026-12-05': 's3' } },
      'loki.storage.prefix must be null with a period of filesystem in loki.periods: Loki would look for these logs below the prefix too; use a separate bucket, got "a"',
    ],
  ])('are refused with %s', (_, loki, message) => {
    expect(mistakes({ loki })).toEqual([message]);
  });
});
