import { describe, expect, test } from '@jest/globals';
import { Duration } from '../../lib/kubernetes/duration';
import { Quantity } from '../../lib/kubernetes/quantity';

describe('a duration', () => {
  test.each([
    ['7d', 604_800, '168h'],
    ['1w', 604_800, '168h'],
    ['1h30m', 5_400, '90m'],
    ['90s', 90, '90s'],
    ['2d12h', 216_000, '60h'],
  ])('%s is %d seconds, and %s for a Go program', (text, seconds, go) => {
    expect(Duration.parse(text)?.seconds).toBe(seconds);
    expect(Duration.parse(text)?.toString()).toBe(go);
  });

  test.each([
    ['1.5h', 5_400],
    ['250ms', 0.25],
    ['1y', 31_536_000],
    ['0', 0],
    ['0s', 0],
  ])('%s, as Go or Prometheus write it, is %d seconds', (text, seconds) => {
    expect(Duration.parse(text)?.seconds).toBe(seconds);
  });

  test.each(['', '7', '7dd', 'd', '-1h', '1 h', '99999999999999999d'])('is not %j', (text) => {
    expect(Duration.parse(text)).toBeUndefined();
  });
});

describe('a quantity', () => {
  test.each([
    ['30Gi', 30 * 2 ** 30],
    ['1G', 1e9],
    ['0.5', 0.5],
    ['250m', 0.25],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1e3', 1_000],
    ['2Ei', 2 ** 61],
    ['-1Gi', -(2 ** 30)],
    ['0', 0],
  ])('%s is %d, and is written as it was', (text, value) => {
    expect(Quantity.parse(text)?.value).toBe(value);
    expect(Quantity.parse(text)?.toString()).toBe(text);
  });

  test.each(['', 'Gi', '30GB', '30 Gi', '1e', 'ten'])('is not %j', (text) => {
    expect(Quantity.parse(text)).toBeUndefined();
  });
});
