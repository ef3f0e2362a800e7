import { describe, expect, test } from '@jest/globals';
import samples from '../real/log-samples.json';
import { correlated, datasourceOf, derivedFields, logsOfSpan, metricsOfSpan } from '../support/jumps';
import { pieces, withoutVariables } from '../support/queries';
import { config, type Manifest, manifests, settings } from '../support/render';

const OBJECTS = manifests(settings());
const [LOKI, TEMPO] = [datasourceOf(OBJECTS, 'Loki'), datasourceOf(OBJECTS, 'Tempo')];

interface Entry {
  readonly line: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Entries as they are in Loki: of each sample of test/real/log-samples.json, as a real run read them back. */
const ENTRIES = (samples as ReadonlyArray<{ name: string; entries: Entry[] }>).flatMap(({ name, entries }) =>
  entries.map((entry, index) => ({ name: `${name} ${index + 1}`, ...entry })),
);
const TRACED = ENTRIES.filter(({ metadata }) => metadata?.['trace_id']);

/** Labels of the pod that wrote all of them. */
const LABELS = {
  namespace: 'apps',
  pod: 'shop-0',
  container: 'app',
  app: 'shop',
  node: 'node-1',
  stream: 'stdout',
};

const derived = ({ line, metadata }: Entry) => derivedFields(LOKI, line, { ...LABELS, ...metadata });

describe('from a log line to its trace', () => {
  test('has sample lines of many formats', () => {
    expect(TRACED.length).toBeGreaterThan(12);
  });

  test.each(TRACED)('by what the agent has found: $name', (entry) => {
    expect(derived(entry)['Trace']).toBe(entry.metadata?.['trace_id']);
  });

  test.each(TRACED)('by one link: $name', (entry) => {
    expect(Object.keys(derived(entry))).toEqual(['Trace']);
  });

  test.each(['trace_id', 'traceId', 'traceID', 'traceid'])('by the field name of the sender: %s', (name) => {
    expect(derived({ line: 'x', metadata: { [name]: 'abc' } })).toEqual({ Trace: 'abc' });
  });

  test.each(['parent_trace_id', 'trace_idx', 'span_id'])('never by another field: %s', (name) => {
    expect(derived({ line: 'x', metadata: { [name]: 'abc' } })).toEqual({});
  });

  test('opens Tempo with the id as the query', () => {
    for (const field of LOKI.jsonData.derivedFields)
      expect(field).toMatchObject({ datasourceUid: 'tempo', url: '${__value.raw}' });
  });
});

/** A span as Tempo gives it back, with what the collector adds; resource attributes first. */
const SPAN = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  name: 'GET /cart',
  tags: [
    { key: 'service.name', value: 'shop' },
    { key: 'k8s.namespace.name', value: LABELS.namespace },
    { key: 'k8s.pod.name', value: LABELS.pod },
    { key: 'k8s.container.name', value: LABELS.container },
    { key: 'http.request.method', value: 'GET' },
  ],
};

/** Whether a line of the pod is among what the LogQL query finds: by its selector, and by what its template looks for. */
function finds(query: string, { line, metadata }: Entry): boolean {
  const all = pieces('logql', query);
  const matchers = all
    .filter(({ kind }) => kind === 'Matcher')
    .map(({ text }) => /^(\w+)="(.*)"$/.exec(text) ?? [])
    .filter(([, name = '']) => name !== 'found');
  const selected = matchers.every(([, name = '', value]) => LABELS[name as keyof typeof LABELS] === value);
  const [, zeros = '', id = ''] = /contains \(trimPrefix "(0+)" "(\w+)"\)/.exec(query) ?? [];
  const wanted = id.startsWith(zeros) ? id.slice(zeros.length) : id;
  const text = `${metadata?.['trace_id'] ?? ''} ${line}`.toLowerCase();
  return matchers.length > 0 && selected && wanted !== '' && text.includes(wanted);
}

describe('from a span to its logs', () => {
  const { tracesToLogsV2 } = TEMPO.jsonData;
  const query = (span: typeof SPAN) => logsOfSpan(TEMPO, span.traceId, span.tags);

  test.each(TRACED)('finds the lines of its pod that have its trace id: $name', (entry) => {
    const traceId = (entry.metadata?.['trace_id'] ?? '').padStart(32, '0');
    expect(finds(query({ ...SPAN, traceId }), entry)).toBe(true);
    expect(finds(query({ ...SPAN, traceId: 'f'.repeat(32) }), entry)).toBe(false);
  });

  test('finds nothing of another pod', () => {
    const tags = SPAN.tags.map((tag) => (tag.key === 'k8s.pod.name' ? { ...tag, value: 'other' } : tag));

    expect(finds(query({ ...SPAN, tags }), { line: SPAN.traceId })).toBe(false);
  });

  test('queries by existing stream labels and by attributes that the collector adds', () => {
    const { labelallow } = config({}, 'promtail').scrape_configs[0].pipeline_stages.find(
      (stage: Manifest) => stage.labelallow,
    );
    const { extract } = config({}, 'otel-collector').processors.k8s_attributes;

    expect(labelallow).toEqual(
      expect.arrayContaining(tracesToLogsV2.tags.map(({ value }: Manifest) => value)),
    );
    expect(extract.metadata).toEqual(
      expect.arrayContaining(tracesToLogsV2.tags.map(({ key }: Manifest) => key)),
    );
  });
});

describe('from a span to the metrics of its service', () => {
  const { tracesToMetrics, serviceMap } = TEMPO.jsonData;

  test('queries rate, errors and duration of the service in the existing Prometheus', () => {
    expect(tracesToMetrics).toMatchObject({ datasourceUid: 'prometheus' });
    expect(serviceMap).toEqual({ datasourceUid: 'prometheus' });
    expect(tracesToMetrics.queries).toHaveLength(3);
    for (const query of metricsOfSpan(TEMPO, SPAN.tags)) expect(query).toContain('service="shop"');
  });

  test('queries by the label of the span metrics', () => {
    const { metric_statements } = config({}, 'otel-collector').processors['transform/grafana'];

    expect(tracesToMetrics.tags).toEqual([{ key: 'service.name', value: 'service' }]);
    expect(JSON.stringify(metric_statements)).toContain(
      'set(attributes[\\"service\\"], attributes[\\"service.name\\"])',
    );
  });
});

describe('from a log line to the metrics of its pod', () => {
  const links = LOKI.correlations as Manifest[];

  test.each(links)('has a query in which every variable is found: $label', (link) => {
    const query = withoutVariables(link.config.target.expr, correlated(link, LABELS));

    expect(query).toContain('namespace="apps", pod="shop-0"');
    expect(link.config.transformations).toEqual(
      ['namespace', 'pod'].map((name) => expect.objectContaining({ field: 'labels', mapValue: name })),
    );
    expect(link).toMatchObject({
      targetUID: 'prometheus-logs-and-traces',
      description: expect.stringMatching(/./),
      config: { type: 'query', field: 'Line' },
    });
  });

  test('are CPU and memory', () => {
    expect(links.map(({ label }) => label)).toEqual(['Pod CPU', 'Pod memory']);
  });
});
