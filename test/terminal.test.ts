import { describe, expect, test } from '@jest/globals';
import { isInteractive, print, withProgress } from '../lib/terminal';

/** Somewhere to write to, and what was written. */
function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

const REPORT = [
  'values/a.yaml:3:7: cluster.domain must be a host name',
  'ok    loki: ready',
  'fail  tempo: ready',
  '      → docs/troubleshooting.md',
  'warn  storage-class',
  '',
].join('\n');

describe('a report', () => {
  test('has colors on a terminal, and is the same text without them', () => {
    const terminal = output(true);
    print(terminal, REPORT, {});
    const [styled = ''] = terminal.written;

    expect(styled).toContain('\u001B[31mfail\u001B[39m');
    expect(styled).toContain('\u001B[1mvalues/a.yaml:3:7:\u001B[22m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are control characters
    expect(styled.replaceAll(/\u001B\[\d+m/g, '')).toBe(REPORT);
  });

  test.each([
    ['a pipe', false, {}],
    ['CI', true, { CI: 'true' }],
    ['NO_COLOR', true, { NO_COLOR: '1' }],
    ['a terminal that knows no colors', true, { TERM: 'dumb' }],
  ])('has none in %s', (_, isTTY, env) => {
    const plain = output(isTTY);
    print(plain, REPORT, env);

    expect(plain.written).toEqual([REPORT]);
    expect(isInteractive(plain, env)).toBe(false);
  });
});

describe('progress', () => {
  test('is shown on a terminal during work and cleared afterwards', async () => {
    const terminal = output(true);

    expect(await withProgress(terminal, (seconds) => `waiting, ${seconds} s`, Promise.resolve(7), {})).toBe(
      7,
    );
    expect(terminal.written[0]).toContain('waiting, 0 s');
    expect(terminal.written.at(-1)).toBe('\r\u001B[2K');
  });

  test('is cleared if the work fails and never shown in a pipe', async () => {
    const [terminal, pipe] = [output(true), output(false)];
    const failing = () => Promise.reject(new Error('failed'));

    await expect(withProgress(terminal, () => 'waiting', failing(), {})).rejects.toThrow('failed');
    await expect(withProgress(pipe, () => 'waiting', failing(), {})).rejects.toThrow('failed');
    expect(terminal.written.at(-1)).toBe('\r\u001B[2K');
    expect(pipe.written).toEqual([]);
  });
});
