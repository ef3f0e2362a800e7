import { describe, expect, test } from '@jest/globals';
import { pieces } from '../support/queries';
import { config, type Manifest, manifests, settings } from '../support/render';

const DASHBOARDS: Manifest[] = manifests(settings())
  .filter(({ metadata }) => metadata.name.startsWith('grafana-dashboard-'))
  .map(({ data }) => JSON.parse(Object.values<string>(data)[0] ?? ''));
const PANELS: Manifest[] = DASHBOARDS.flatMap(({ panels }) => panels);
const panel = (title: string): Manifest => PANELS.find((one) => one.title === title);
const LOGQL: string[] = PANELS.flatMap(({ targets = [] }) =>
  targets.flatMap(({ datasource, expr }: Manifest) => (datasource.type === 'loki' ? [expr] : [])),
);

describe('tables', () => {
  test.each([
    ['Noisiest pods', ['namespace', 'pod', 'Value']],
    ['Most frequent errors', ['app', 'message', 'Value #A']],
    ['Slowest operations', ['service', 'span_name', 'Value #A', 'Value #B', 'Value #C']],
  ])('name the values as their datasource does: %s', (title, names) => {
    const [, filter, order] = panel(title).transformations;

    expect(filter.options.include.names).toEqual(names);
    expect(Object.keys(order.options.renameByName)).toEqual(names);
    expect(panel(title).options.sortBy[0].displayName).toBe(order.options.renameByName[names.at(-1) ?? '']);
  });
});

describe('queries of Loki', () => {
  test('have few series, or are an estimate that has few: there are thousands of pods and messages', () => {
    for (const query of LOGQL) {
      const all = pieces('logql', query);
      for (const { from } of all.filter(
        ({ kind, text }) => kind === 'Grouping' && /pod|message/.test(text),
      )) {
        const around = all.filter(
          ({ kind, text, from: start, to }) =>
            kind === 'VectorAggregationExpr' && text.startsWith('approx_topk') && start < from && from < to,
        );
        expect([query, around.length]).toEqual([query, 1]);
      }
    }
    expect(config({}, 'loki').limits_config.shard_aggregations).toEqual(['approx_topk']);
  });

  test('of the dashboard that is looked at first are answered out of the cache', () => {
    const [logs] = DASHBOARDS;
    const targets = logs?.panels.flatMap((one: Manifest) => one.targets ?? []) as Manifest[];

    for (const { expr, queryType } of targets.filter(({ datasource }) => datasource.type === 'loki')) {
      expect(queryType).toBe('range');
      expect(expr).not.toContain('$__range');
    }
  });

  test('count every line of the time range once, and no error as a share of 0', () => {
    expect(panel('Errors').options.reduceOptions.calcs).toEqual(['sum']);
    expect(panel('Errors').targets[0].expr).toContain('[$__auto]');
    expect(panel('Share of errors').targets[0].expr).toContain('or vector(0)');
  });
});

describe('a message', () => {
  /** The expressions of the template of a query, with what each puts in the place of what it finds. */
  const replacements = () => {
    const query = panel('Most frequent errors').targets[0].expr as string;
    // The text comes before what takes the place of a match: a pipe would put it last.
    expect(query).not.toContain('| regexReplaceAll');
    const [, varying = '', quoted = ''] =
      /regexReplaceAll ("(?:[^"\\]|\\.)*") \(regexReplaceAll ("(?:[^"\\]|\\.)*") \(trunc 1000 __line__\) "\$1"\) "#"/.exec(
        query,
      ) ?? [];
    return [JSON.parse(varying), JSON.parse(quoted).replace('(?s)', '')] as const;
  };

  test.each([
    ['{"level":"error","msg":"no connection to 10.0.0.7","status":503}', 'no connection to #.#.#.#'],
    ['{"message": "a \\"quoted\\" word", "level": "error"}', 'a \\"quoted\\" word'],
    ['ts=2026-01-01 level=error msg="cannot read 4bf92f3577b34da6" user=anna', 'cannot read #'],
    ['ERROR order 17 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed', 'ERROR order # of # failed'],
    ['{"msg":"","err":"x1"}', '{"msg":"","err":"x#"}'],
  ])('is what a line says without what differs from line to line: %s', (line, message) => {
    const [varying, quoted] = replacements();
    const text = line.replace(new RegExp(quoted, 's'), '$1');

    expect(text.replaceAll(new RegExp(varying, 'g'), '#')).toBe(message);
  });
});

describe('variables', () => {
  test('name an attribute of Tempo without its scope, which Grafana looks up', () => {
    const [, tempo] = DASHBOARDS;
    const service = tempo?.templating.list.find(({ name }: Manifest) => name === 'service');

    expect(service.query).toMatchObject({ type: 1, label: 'service.name' });
  });
});
