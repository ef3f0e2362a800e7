import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { provisioningFile } from '../../lib/grafana/datasource';
import { manifest } from '../support/render';

const NAME = 'grafana-datasources-logs-and-traces';
const secret = (values: object = {}) => manifest(values, 'Secret', NAME);
const datasources = (values: object = {}) =>
  parse(secret(values).stringData['logs-and-traces.yaml']).datasources;

describe('datasources', () => {
  test('are Loki and Tempo, by uids that dashboards can name, and neither is the default', () => {
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
    ]);
  });

  test('are picked up by the label of the sidecar, in the namespace of Grafana', () => {
    expect(secret().metadata).toMatchObject({ namespace: 'monitoring', labels: { grafana_datasource: '1' } });
    expect(
      secret({ grafana: { namespace: 'grafana', datasourceLabel: 'ds', datasourceLabelValue: 'yes' } })
        .metadata,
    ).toMatchObject({
      namespace: 'grafana',
      labels: { ds: 'yes' },
    });
  });

  test('are reached by full names from another namespace', () => {
    const values = {
      cluster: { namespace: 'logs', dnsDomain: 'k8s.internal' },
      grafana: { namespace: 'grafana' },
    };

    expect(datasources(values).map(({ url }: { url: string }) => url)).toEqual([
      'http://loki.logs.svc.k8s.internal:3100',
      'http://tempo.logs.svc.k8s.internal:3100',
    ]);
  });

  test('do not replace the file of the existing ones', () => {
    const keys = Object.keys(secret().stringData);

    expect(keys).toEqual(['logs-and-traces.yaml']);
    expect(keys).not.toContain('datasource.yaml');
  });

  test('wait as long as a query of Loki may take', () => {
    const [loki] = datasources({ loki: { limits: { queryTimeout: '5m' } } });

    expect(loki.jsonData.timeout).toBe(300);
  });

  test('carry no credentials', () => {
    expect(secret().stringData['logs-and-traces.yaml']).not.toMatch(
      /secureJsonData|password|token|basicAuth/i,
    );
  });

  test('have every dollar escaped, as Grafana replaces variables in the file', () => {
    const file = provisioningFile([
      {
        name: 'Loki',
        type: 'loki',
        uid: 'loki',
        url: 'http://loki',
        access: 'proxy',
        isDefault: false,
        editable: false,
        jsonData: { derivedFields: [{ url: '${__value.raw}' }] },
      },
    ]);

    expect(file).toMatchObject({
      datasources: [{ jsonData: { derivedFields: [{ url: '$${__value.raw}' }] } }],
    });
  });
});
