import { describe, expect, test } from '@jest/globals';
import { dashboardsOf, panelsOf } from '../support/dashboards';
import { config, type Manifest, manifests, settings } from '../support/render';

const rendered = (values: object = {}) => dashboardsOf(manifests(settings(values)));
const DASHBOARDS = rendered();
const PANELS = DASHBOARDS.flatMap(panelsOf);
const panel = (title: string): Manifest => PANELS.find((one) => one.title === title);
const LOGQL: string[] = PANELS.flatMap(({ targets = [] }) =>
  targets.flatMap(({ datasource, expr }: Manifest) => (datasource.type === 'loki' ? [expr] : [])),
);

describe('tables', () => {
  test.each([
    ['Noisiest pods', ['namespace', 'pod', 'Value']],
    ['Most frequent errors', ['namespace', 'app', 'message', 'Value #A', 'words']],
    ['Failing and slow operations', ['service', 'span_name', 'Value #A', 'Value #B', 'Value #C']],
  ])('name the values as their datasource does: %s', (title, names) => {
    const [, filter, order] = panel(title).transformations;

    expect(filter.options.include.names).toEqual(names);
    expect(Object.keys(order.options.renameByName)).toEqual(names);
    expect(Object.values(order.options.renameByName)).toContain(panel(title).options.sortBy[0].displayName);
  });
});

describe('queries of Loki', () => {
  test('return few series or an estimate with few: there are thousands of pods and messages', () => {
    // By its text, as the grammar of the tests does not know the function.
    const sums = LOGQL.flatMap((query) => [...query.matchAll(/(.{0,20})\b[a-z]+ by \(([^)]*)\)/g)]);
    const many = sums.filter(([, , labels = '']) => /\b(pod|message)\b/.test(labels));

    expect(many).toHaveLength(3);
    for (const [, before] of many) expect(before).toMatch(/approx_topk\(\d+, $/);
    expect(config({}, 'loki').limits_config.shard_aggregations).toEqual(['approx_topk']);
  });

  test('of the first dashboard can be answered from the cache', () => {
    const [logs] = DASHBOARDS;
    const targets: Manifest[] = panelsOf(logs).flatMap((one) => one.targets);

    for (const { expr, queryType } of targets.filter(({ datasource }) => datasource.type === 'loki')) {
      expect([expr, queryType === 'range' || expr.includes('[5m]')]).toEqual([expr, true]);
      expect(expr).not.toContain('$__range');
    }
  });

  test('count every line of the time range once, and an empty step as 0', () => {
    expect(panel('Errors').options.reduceOptions.calcs).toEqual(['sum']);
    for (const title of ['Log rate', 'Log volume', 'Errors', 'Error rate'])
      for (const { expr } of panel(title).targets) expect(expr).toMatch(/\[\$__auto\]\)\) or vector\(0\)$/);
  });

  test('divide the errors of the time range by its lines', () => {
    const [errors, lines] = panel('Error rate').targets;
    const [, reduce, divide] = panel('Error rate').transformations;

    expect([errors.legendFormat, lines.legendFormat]).toEqual(['errors', 'lines']);
    expect(reduce.options.reducers).toEqual(['sum']);
    expect(divide.options.binary).toEqual({ left: 'errors', operator: '/', right: 'lines' });
  });

  test('do not compare with data older than the retention', () => {
    const options = (retention: string) => {
      const [, , analysis] = rendered({ loki: { retention } });
      return analysis?.templating.list.find(({ name }: Manifest) => name === 'recent').query;
    };

    expect(options('7d')).toBe('1h,3h,6h,12h,24h,72h');
    expect(options('24h')).toBe('1h,3h,6h,12h');
    expect(JSON.stringify(rendered({ loki: { retention: '24h' } }))).not.toContain('offset 24h');
    expect(JSON.stringify(rendered({ loki: { retention: '7d' } }))).toContain('offset 24h');
  });
});

describe('a message', () => {
  const query = panel('Most frequent errors').targets[0].expr as string;
  /** The replacements of the label that a query makes, the first one first. */
  const replacements = (label: string) => {
    const [, template = ''] = new RegExp(`label_format ${label}=\`{{ (.*?) }}\``).exec(query) ?? [];
    const strings = [...template.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([text]) => JSON.parse(text) as string);
    const steps = strings.length / 2;
    // Calls within calls: expressions from the outer one to the inner one, then what takes their place.
    return Array.from({ length: steps }, (_, index) => [
      strings[steps - 1 - index] ?? '',
      strings[steps + index] ?? '',
    ]);
  };
  const replaced = (label: string, text: string) =>
    replacements(label).reduce((line, [expression = '', by = '']) => {
      const flags = expression.includes('(?s)') ? 'gsu' : 'gu';
      const javascript = expression
        .replace('(?s)', '')
        .replaceAll('(?i:', '(?:')
        .replaceAll(/\\pL/g, '\\p{L}');
      return line.replaceAll(new RegExp(javascript, expression.includes('(?i:') ? `${flags}i` : flags), by);
    }, text);

  test.each([
    ['{"level":"error","msg":"no connection to 10.0.0.7","status":503}', 'no connection to #.#.#.#'],
    ['{"message": "a \\"quoted\\" word", "level": "error"}', 'a \\"quoted\\" word'],
    ['ts=2026-01-01 level=error msg="cannot read 4bf92f3577b34da6" user=anna', 'cannot read #'],
    ['ERROR order 17 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed', 'order # of # failed'],
    ['{"msg":"","err":"x1"}', '{"msg":"","err":"x#"}'],
    [
      '2026-11-26 12:25:33.551  ERROR [shop,c7c2,9] 1 --- [exec-8] c.e.Payment : charge failed\n\tat x',
      'c.e.Payment : charge failed',
    ],
    ['E1126 12:55:12.728572       1 search.go:34] Query failed', 'Query failed'],
    ['2026/11/26 12:55:12 [crit] 7#7: *12 open() failed', '##: *# open() failed'],
    ['[2026-11-26T12:55:12Z] WARN  - disk is full', 'disk is full'],
    ['2026-11-26 10:00:00 ERROR mailer.worker: cannot send', 'mailer.worker: cannot send'],
    ['오류: 주문 17을 찾을 수 없습니다', '오류: 주문 #을 찾을 수 없습니다'],
    ['x'.repeat(200), 'x'.repeat(160)],
  ])('is what a line says without time, level and what differs from line to line: %s', (line, message) => {
    expect(replaced('message', line)).toBe(message);
  });

  test.each([
    ['{"msg":"order 64378180 not placed: payment failed"}'],
    ['2026-11-26 ERROR [main] order 64378180 not placed (payment `x` failed)'],
    ['level=error msg="주문 17을 찾을 수 없습니다"'],
  ])('leads to its lines, by its words: %s', (line) => {
    const pattern = replaced('words', replaced('message', line));

    expect(pattern).not.toMatch(/[`"\\#]/);
    expect(pattern.match(/\p{L}/gu)?.length).toBeGreaterThan(5);
    expect(new RegExp(pattern, 'i').test(line)).toBe(true);
    expect(new RegExp(pattern, 'i').test('another message')).toBe(false);
  });
});

describe('variables', () => {
  test('name a Tempo attribute without its scope, which Grafana resolves', () => {
    const [, tempo] = DASHBOARDS;
    const service = tempo?.templating.list.find(({ name }: Manifest) => name === 'service');

    expect(service.query).toMatchObject({ type: 1, label: 'service.name' });
  });
});
