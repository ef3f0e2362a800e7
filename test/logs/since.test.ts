import { describe, expect, test } from '@jest/globals';
import { earlierThan } from '../../lib/logs/since';
import { config, type Manifest } from '../support/render';

const SINCE = '2026-11-24T16:05:00Z';
const isEarlier = (time: string, since = SINCE) =>
  new RegExp(earlierThan(since)).test(`${time} stdout F a line of 2020`);

describe('lines before logs.since', () => {
  test.each([
    '2026-11-24T16:04:59.999999999Z',
    '2026-11-24T09:59:00Z',
    '2026-11-23T23:00:00Z',
    '2025-12-31T23:59:59.1Z',
  ])('are those of %s', (time) => expect(isEarlier(time)).toBe(true));

  test.each([
    '2026-11-24T16:05:00Z',
    '2026-11-24T16:05:00.000000001Z',
    '2026-11-24T20:00:00Z',
    '2027-01-01T00:00:00Z',
  ])('are not those of %s', (time) => expect(isEarlier(time)).toBe(false));

  test('are dropped by each agent, and by default none is', () => {
    const stages = (logs: object) =>
      config({ logs }, 'promtail').scrape_configs[0].pipeline_stages as Manifest[];
    const filters = (logs: object) => config({ logs: { agent: 'otel', ...logs } }, 'otel-agent').processors;

    expect(stages({ since: SINCE })[0].drop.drop_counter_reason).toBe('sent_before');
    expect(stages({}).filter(({ drop }) => drop?.drop_counter_reason === 'sent_before')).toEqual([]);
    expect(filters({ since: SINCE })['filter/sent_before'].log_conditions).toEqual([
      'log.time_unix_nano < 1795536300000000000',
    ]);
    expect(filters({})['filter/sent_before']).toBeUndefined();
  });
});
