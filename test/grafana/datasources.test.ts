import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type Datasource, provisioningFile } from '../../lib/grafana/datasource';
import { type Manifest, manifest, manifests, settings } from '../support/render';

const NAME = 'grafana-datasources-logs-and-traces';
const secret = (values: object = {}) => manifest(values, 'Secret', NAME);
const datasources = (values: object = {}) =>
  parse(secret(values).stringData['logs-and-traces.yaml']).datasources;

describe('datasources', () => {
  test('are Loki, Tempo and a second Prometheus with stable uids, and none is the default', () => {
    expect(datasources()).toMatchObject([
      {
        name: 'Loki',
        type: 'loki',
        uid: 'loki',
        url: 'http://loki:3100',
        access: 'proxy',
        isDefault: false,
        editable: false,
      },
      {
        name: 'Tempo',
        type: 'tempo',
        uid: 'tempo',
        url: 'http://tempo:3100',
        access: 'proxy',
        isDefault: false,
        editable: false,
      },
      {
        name: 'Prometheus (logs and traces)',
        type: 'prometheus',
        uid: 'prometheus-logs-and-traces',
        url: 'http://prometheus-kube-prometheus-prometheus:9090',
        access: 'proxy',
        isDefault: false,
        editable: false,
      },
    ]);
  });

  test("are selected by the sidecar's label in Grafana's namespace", () => {
    expect(secret().metadata).toMatchObject({ namespace: 'monitoring', labels: { grafana_datasource: '1' } });
    expect(
      secret({ grafana: { namespace: 'grafana', datasourceLabel: 'ds', datasourceLabelValue: 'yes' } })
        .metadata,
    ).toMatchObject({
      namespace: 'grafana',
      labels: { ds: 'yes' },
    });
  });

  test('have full host names from another namespace', () => {
    const values = {
      cluster: { namespace: 'logs', dnsDomain: 'k8s.internal' },
      grafana: { namespace: 'grafana' },
    };

    expect(datasources(values).map(({ url }: { url: string }) => url)).toEqual([
      'http://loki.logs.svc.k8s.internal:3100',
      'http://tempo.logs.svc.k8s.internal:3100',
      'http://prometheus-kube-prometheus-prometheus.logs.svc.k8s.internal:9090',
    ]);
  });

  test('do not replace the file of the existing datasources', () => {
    const keys = Object.keys(secret().stringData);

    expect(keys).toEqual(['logs-and-traces.yaml']);
    expect(keys).not.toContain('datasource.yaml');
  });

  test('wait as long as a Loki query may take', () => {
    const [loki] = datasources({ loki: { limits: { queryTimeout: '5m' } } });

    expect(loki.jsonData.timeout).toBe(300);
  });

  test('carry no credentials', () => {
    expect(secret().stringData['logs-and-traces.yaml']).not.toMatch(
      /secureJsonData|password|token|basicAuth/i,
    );
  });

  test('include those in the values, with the same checks', () => {
    const jaeger = { type: 'jaeger', uid: 'jaeger', url: 'http://jaeger-query:16686' };
    const of = (change: object, name = 'Jaeger') => ({
      grafana: { datasources: { [name]: { ...jaeger, ...change } } },
    });

    expect(datasources(of({ jsonData: { tracesToLogsV2: { datasourceUid: 'loki' } } }))[3]).toMatchObject({
      name: 'Jaeger',
      ...jaeger,
      access: 'proxy',
      isDefault: false,
      editable: false,
    });
    expect(() => datasources(of({}, 'Loki'))).toThrow(
      'must not name one "Loki", because a datasource with that name exists',
    );
    expect(() =>
      datasources({
        grafana: { existingDatasources: { Jaeger: 'other' }, datasources: { Jaeger: jaeger } },
      }),
    ).toThrow('must not name one "Jaeger", because a datasource with that name exists');
    expect(() => datasources(of({ uid: 'tempo' }))).toThrow(
      'must give "Jaeger" another uid, because a datasource has "tempo"',
    );
    expect(() => datasources(of({ jsonData: { tracesToLogsV2: { datasourceUid: 'lokki' } } }))).toThrow(
      'must not let "Jaeger" refer to the uid "lokki", because no datasource has it; did you mean "loki"?',
    );
    expect(() => datasources(of({ isDefault: true }))).toThrow('grafana.datasources.Jaeger.isDefault');
  });

  test('have other names and uids with a suffix, and refer to each other by these', () => {
    const own = datasources({ grafana: { datasourceSuffix: 'stack' } });
    const [loki, tempo, prometheus] = own;

    expect(own.map(({ name, uid }: Datasource) => `${name} ${uid}`)).toEqual([
      'Loki (stack) loki-stack',
      'Tempo (stack) tempo-stack',
      'Prometheus (logs and traces) (stack) prometheus-logs-and-traces-stack',
    ]);
    expect(loki.jsonData.derivedFields[0].datasourceUid).toBe('tempo-stack');
    expect(loki.correlations[0].targetUID).toBe(prometheus.uid);
    expect(tempo.jsonData.tracesToLogsV2.datasourceUid).toBe('loki-stack');
    expect(tempo.jsonData.serviceMap.datasourceUid).toBe('prometheus');
  });

  test.each([
    ['the name', { Tempo: 'old' }, 'Tempo (uid old)'],
    ['the uid', { Logs: 'loki' }, 'Logs (uid loki)'],
    [
      'the name of the second Prometheus',
      { 'Prometheus (logs and traces)': 'p' },
      'Prometheus (logs and traces) (uid p)',
    ],
    ['both', { Loki: 'loki' }, 'Loki (uid loki)'],
  ])('do not take %s of one that Grafana has, unless they have a suffix', (_, existingDatasources, words) => {
    expect(() => datasources({ grafana: { existingDatasources } })).toThrow(
      `existingDatasources must not contain ${words}, because this stack adds a datasource with that name or uid and Grafana would not start with both; set grafana.datasourceSuffix, such as "stack"`,
    );
    expect(datasources({ grafana: { existingDatasources, datasourceSuffix: 'stack' } })).toHaveLength(3);
    expect(() =>
      datasources({
        grafana: { existingDatasources: { 'Loki (stack)': 'old' }, datasourceSuffix: 'stack' },
      }),
    ).toThrow('must not contain Loki (stack) (uid old)');
  });

  test('are those that dashboards ask, whatever their suffix is', () => {
    const text = JSON.stringify(
      manifests(settings({ grafana: { datasourceSuffix: 'b' } })).filter(({ metadata }) =>
        metadata.name.startsWith('grafana-dashboard-'),
      ),
    );
    const uids = new Set(
      [...text.matchAll(/\\"uid\\":\\"((?:loki|tempo|prometheus)[^"\\]*)/g)].map(([, uid]) => uid),
    );

    expect([...uids].sort()).toEqual(['loki-b', 'prometheus', 'tempo-b']);
  });

  test('include a second Prometheus, with links from exemplars if enabled', () => {
    const prometheus = (grafana: object = {}) => datasources({ grafana })[2];

    expect(prometheus().jsonData.exemplarTraceIdDestinations).toBeUndefined();
    expect(prometheus({ exemplars: { enabled: true } }).jsonData).toMatchObject({
      exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'tempo' }],
    });
    expect(prometheus({ namespace: 'grafana' }).url).toBe(
      'http://prometheus-kube-prometheus-prometheus.monitoring.svc.cluster.local:9090',
    );
    expect(prometheus({ prometheusUrl: 'http://prometheus.example:9090' }).url).toBe(
      'http://prometheus.example:9090',
    );
  });

  test.each(['prometheus', 'wrong', 'P1809F7CD0C75ACF3'])(
    'have correlations only with each other, with any uid of the existing Prometheus (%s)',
    (prometheusUid) => {
      const all = datasources({ grafana: { prometheusUid } });
      const targets = all
        .flatMap((one: Manifest) => one.correlations ?? [])
        .map((one: Manifest) => one.targetUID);

      expect(targets).toHaveLength(2);
      for (const target of targets) expect(all.map((one: Manifest) => one.uid)).toContain(target);
    },
  );

  test('have no links to span metrics if there are none', () => {
    const [, tempo] = datasources({ tracing: { sampling: { type: 'client' } } });

    expect(Object.keys(tempo.jsonData)).not.toContain('tracesToMetrics');
    expect(Object.keys(tempo.jsonData)).not.toContain('serviceMap');
    expect(tempo.jsonData.tracesToLogsV2.datasourceUid).toBe('loki');
  });
});

describe('the provisioning file', () => {
  const datasource = (
    jsonData: Datasource['jsonData'],
    correlations: Datasource['correlations'] = [],
  ): Datasource => ({
    name: 'Loki',
    type: 'loki',
    uid: 'loki',
    url: 'http://loki',
    access: 'proxy',
    isDefault: false,
    editable: false,
    jsonData,
    correlations,
  });

  test('has every dollar escaped, because Grafana replaces variables', () => {
    const file = provisioningFile([datasource({ derivedFields: [{ url: '${__value.raw}' }] })], []);

    expect(file).toMatchObject({
      datasources: [{ jsonData: { derivedFields: [{ url: '$${__value.raw}' }] } }],
    });
    expect(secret().stringData['logs-and-traces.yaml'].replaceAll('$$', '')).not.toContain('$');
  });

  test('has the type of each correlation only in its config: at the root, Grafana panics at a restart', () => {
    const correlations = (datasources() as Datasource[]).flatMap((one) => one.correlations ?? []);

    expect(correlations.length).toBeGreaterThan(0);
    for (const correlation of correlations) {
      expect(Object.keys(correlation)).not.toContain('type');
      expect(correlation.config.type).toBe('query');
    }
  });

  test('refers only to existing datasources, because Grafana does not start otherwise', () => {
    const correlation = {
      label: 'CPU',
      description: 'CPU',
      targetUID: 'prometheus',
      config: { type: 'query', field: 'Line', target: {}, transformations: [] },
    } as const;

    const prometheus = { ...datasource({}), name: 'Prometheus', uid: 'prometheus' };
    expect(() => provisioningFile([datasource({}, [correlation]), prometheus], [])).not.toThrow();
    expect(() => provisioningFile([datasource({}, [correlation])], ['prometheus'])).toThrow(
      'datasource "Loki" refers to "prometheus"; there are loki',
    );
    expect(() => provisioningFile([datasource({ serviceMap: { datasourceUid: 'x' } })], ['x'])).not.toThrow();
    expect(() => provisioningFile([datasource({ serviceMap: { datasourceUid: 'x' } })], [])).toThrow(
      'datasource "Loki" refers to "x"; there are loki',
    );
  });
});
