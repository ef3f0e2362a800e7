import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { EVENT_FIELDS } from '../../lib/kubernetes-events/fields';
import { labelsOfStreams } from '../../lib/logs/settings';
import { nearest } from '../../lib/values/suggest';
import { type FoundQuery, grammarErrors, type Piece, pieces, queriesIn } from '../support/queries';
import { CASE_NAMES, caseManifests, caseSettings } from '../support/render';
import { KNOWN_METRICS, METRICS_FILES } from './known-metrics';

const CASES = CASE_NAMES.map((name) => {
  const objects = caseManifests(name);
  return { name, objects, queries: queriesIn(objects, parse) };
});
const OF = (language: FoundQuery['language']) =>
  CASES.map(({ name, queries }) => ({
    name,
    queries: queries.filter((query) => query.language === language),
  }));

/** A name that nobody knows, with the known one that is nearest. */
function unknown(names: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...names]
    .filter((name) => !known.has(name))
    .map((name) => {
      const guess = nearest(name, [...known]);
      return guess === undefined ? name : `${name} (did you mean ${guess}?)`;
    });
}

const inside = (outer: Piece) => (piece: Piece) => piece.from >= outer.from && piece.to <= outer.to;
const textsOf = (all: readonly Piece[], kind: string) =>
  all.filter((piece) => piece.kind === kind).map(({ text }) => text);

/** Metrics and labels of a PromQL query that are not exported by anybody. */
function promqlMistakes({ query, place }: FoundQuery): string[] {
  const all = pieces('promql', query);
  const labels = new Set<string>(['le']);
  const mistakes = all
    .filter(({ kind }) => kind === 'VectorSelector')
    .flatMap((selector) => {
      const own = all.filter(inside(selector));
      const [name = ''] = textsOf(own, 'Identifier');
      const known = KNOWN_METRICS.get(name);
      if (!known) return unknown([name], new Set(KNOWN_METRICS.keys()));
      for (const label of known) labels.add(label);
      return unknown(textsOf(own, 'LabelName'), known).map((label) => `${name}: ${label}`);
    });
  const grouped = all.filter(({ kind, within }) => kind === 'LabelName' && within.includes('GroupingLabels'));
  return [
    ...mistakes,
    ...unknown(
      grouped.map(({ text }) => text),
      labels,
    ),
  ].map((one) => `${place}: ${one}`);
}

/** What Loki and its senders add to each line besides the labels of its stream. */
const LINE_FIELDS = ['detected_level', 'level', 'trace_id', 'span_id', '__error__', ...EVENT_FIELDS];

/** Labels of a LogQL query that neither a stream nor the query itself has. */
function logqlMistakes({ query, place }: FoundQuery, streamLabels: readonly string[]): string[] {
  const names = pieces('logql', query).filter(({ kind }) => kind === 'Identifier');
  const within = (kind: string) => names.filter((name) => name.within.includes(kind)).map(({ text }) => text);
  const captured = [...query.matchAll(/\(\?P<(\w+)>/g)].map(([, name = '']) => name);
  const made = [...within('LabelFormatMatcher'), ...within('LabelExtractionExpression'), ...captured];
  const used = ['Grouping', 'LabelFilter', 'UnwrapExpr'].flatMap(within);
  return [
    ...unknown(within('Selector'), new Set(streamLabels)),
    ...unknown(new Set(used), new Set([...streamLabels, ...LINE_FIELDS, ...made])),
  ].map((one) => `${place}: ${one}`);
}

/** Attributes that a span has by the conventions of OpenTelemetry, as its collector names them. */
const SPAN_ATTRIBUTES = new Set([
  'resource.service.name',
  'resource.k8s.cluster.name',
  'resource.k8s.namespace.name',
  'resource.k8s.pod.name',
]);

function traceqlMistakes({ query, place }: FoundQuery): string[] {
  return unknown(textsOf(pieces('traceql', query), 'AttributeField'), SPAN_ATTRIBUTES).map(
    (one) => `${place}: ${one}`,
  );
}

describe('every query of dashboards, alerts and jumps', () => {
  test('is found', () => {
    const [whole] = CASES.filter(({ name }) => name === 'default');
    const places = whole?.queries.map(({ place }) => place) ?? [];

    expect(places).toEqual(expect.arrayContaining(['TracesLost', 'Loki: Pod CPU', 'Tempo: logs of a span']));
    expect(places.filter((place) => place.startsWith('Loki Logs Dashboard')).length).toBeGreaterThan(9);
    for (const language of ['promql', 'logql', 'traceql'])
      expect(whole?.queries.filter((query) => query.language === language).length).toBeGreaterThan(2);
  });

  test.each(CASES)('parses with the grammar that Grafana has: $name', ({ queries }) => {
    expect(
      queries.flatMap((query) => grammarErrors(query).map((error) => `${query.place}: ${error}`)),
    ).toEqual([]);
  });

  test.each(OF('promql'))('asks for metrics and labels that are exported: $name', ({ queries }) => {
    expect(queries.flatMap(promqlMistakes)).toEqual([]);
  });

  test.each(OF('logql'))('asks for labels that streams have: $name', ({ name, queries }) => {
    const { cluster, logs } = caseSettings(name);
    const labels = labelsOfStreams(logs, cluster.name);

    expect(queries.flatMap((query) => logqlMistakes(query, labels))).toEqual([]);
  });

  test.each(OF('traceql'))('asks for attributes that spans have: $name', ({ queries }) => {
    expect(queries.flatMap(traceqlMistakes)).toEqual([]);
  });
});

describe('the check of queries', () => {
  const query = (language: FoundQuery['language'], text: string): FoundQuery => ({
    language,
    query: text,
    place: 'x',
  });

  test('reports the position of a syntax error', () => {
    expect(grammarErrors(query('promql', 'sum(rate(up[5m])'))).toEqual(['sum(rate(up[5m])⟨here⟩']);
    expect(grammarErrors(query('logql', '{app="x"} | json |'))).not.toEqual([]);
    expect(grammarErrors(query('traceql', '{ status = }'))).not.toEqual([]);
  });

  test('suggests the intended metric or label', () => {
    expect(promqlMistakes(query('promql', 'sum(rate(loki_distributor_lines_recieved_total[5m]))'))).toEqual([
      'x: loki_distributor_lines_recieved_total (did you mean loki_distributor_lines_received_total?)',
    ]);
    expect(promqlMistakes(query('promql', 'sum by (reasn) (loki_discarded_samples_total)'))).toEqual([
      'x: reasn (did you mean reason?)',
    ]);
    expect(promqlMistakes(query('promql', 'loki_discarded_samples_total{reasons="x"}'))).toEqual([
      'x: loki_discarded_samples_total: reasons (did you mean reason?)',
    ]);
    expect(logqlMistakes(query('logql', '{namespce="x"}'), ['namespace'])).toEqual([
      'x: namespce (did you mean namespace?)',
    ]);
    expect(logqlMistakes(query('logql', 'sum by (aap) (rate({app="x"} | foo="1" [5m]))'), ['app'])).toEqual([
      'x: aap (did you mean app?)',
      'x: foo',
    ]);
    expect(traceqlMistakes(query('traceql', '{ resource.service.nam = "x" }'))).toEqual([
      'x: resource.service.nam (did you mean resource.service.name?)',
    ]);
  });

  test('has a source for each list of metrics', () => {
    for (const { source, metrics } of METRICS_FILES) {
      expect(source).toMatch(/https:\/\/|GET \/metrics/);
      expect(Object.keys(metrics).length).toBeGreaterThan(0);
    }
  });
});
