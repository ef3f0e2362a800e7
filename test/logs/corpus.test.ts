import { describe, expect, test } from '@jest/globals';
import { corpus } from '../support/log-corpus';
import { entriesOf, metadataOf } from '../support/log-model';

const SAMPLES = corpus();

describe('the model of log lines', () => {
  test('is tried with more than two hundred programs', () => {
    expect(SAMPLES.length).toBeGreaterThan(200);
  });

  test.each(SAMPLES)('joins the lines of each entry: $name', ({ lines, entries }) => {
    expect(entriesOf(lines)).toEqual(entries.map(({ line }) => line));
  });

  test.each(SAMPLES.flatMap(({ name, entries }) => entries.map((entry) => ({ name, ...entry }))))(
    'finds level and ids: $name: $line',
    ({ line, metadata }) => {
      expect(metadataOf(line)).toEqual(metadata);
    },
  );
});
