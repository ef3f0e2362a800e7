import { describe, expect, test } from '@jest/globals';
import { Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { ConfigFile, renderYaml } from '../../lib/constructs/config-file';

function configFile(content: object, beside?: Record<string, object>) {
  const chart = new Chart(Testing.app(), 'test');
  const metadata = { name: 'daemon' };
  const file = new ConfigFile(chart, 'Config', {
    metadata,
    path: '/etc/daemon/daemon.yaml',
    content,
    beside,
  });
  return { checksum: file.checksum, data: chart.toJson()[0].data };
}

describe('a config file', () => {
  test('has a checksum that depends only on its content', () => {
    expect(configFile({ a: 1 }).checksum).toBe(configFile({ a: 1 }).checksum);
    expect(configFile({ a: 1 }).checksum).not.toBe(configFile({ a: 2 }).checksum);
  });

  test('contains further files as JSON, covered by its checksum', () => {
    const { checksum, data } = configFile({ a: 1 }, { 'more.json': { b: [1] } });

    expect(Object.keys(data)).toEqual(['daemon.yaml', 'more.json']);
    expect(JSON.parse(data['more.json'])).toEqual({ b: [1] });
    expect(checksum).not.toBe(configFile({ a: 1 }).checksum);
    expect(checksum).not.toBe(configFile({ a: 1 }, { 'more.json': { b: [2] } }).checksum);
  });

  test('quotes words that are booleans in YAML 1.1, which Go programs read', () => {
    expect(renderYaml({ mode: 'on', answer: 'no' })).toBe("mode: 'on'\nanswer: 'no'\n");
  });

  test('is written without anchors and without wrapped lines', () => {
    const shared = { key: 'word '.repeat(60).trim() };

    expect(renderYaml({ a: shared, b: shared })).toBe(`a:\n  key: ${shared.key}\nb:\n  key: ${shared.key}\n`);
  });

  test('does not change the backslashes of a regular expression', () => {
    expect(renderYaml({ expression: '^\\s*["\']$' })).toBe('expression: ^\\s*["\']$\n');
    expect(renderYaml({ replace: '{{ "\\x01" }}' })).toBe(`replace: '{{ "\\x01" }}'\n`);
  });

  test('reads back as the same data', () => {
    const content = { list: ['a: b', "it's", '"', '\u0001', 'line\nline'], number: 1, none: null };

    expect(parse(renderYaml(content), { version: '1.1' })).toEqual(content);
  });
});
