import type { DatasourceUids } from './query';
import type { VariableJson } from './schema';

/** A variable at the top of a dashboard. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** The variable in Grafana's format, without name and label. */
  readonly model: Omit<VariableJson, 'name' | 'label'>;
}

/** Refreshes when the time range changes, because labels appear and disappear over time. */
const ON_TIME_RANGE = 2;
const LABEL_VALUES = 1;

const SEVERAL = {
  includeAll: true,
  multi: true,
  current: { text: ['All'], value: ['$__all'] },
} satisfies Variable['model'];

/** The datasource of a variable, and its query. */
type Source = Pick<VariableJson, 'datasource' | 'query'>;

/** A variable with values from a datasource. Users can select several values. */
const asked = (source: Source, allValue: string): Variable['model'] => ({
  type: 'query',
  ...source,
  allValue,
  refresh: ON_TIME_RANGE,
  sort: 1,
  ...SEVERAL,
});

/** Variable for clusters. It uses the datasource of another variable of the dashboard. */
export function clusterVariable(name: string, { model: { datasource, query } }: Variable): Variable {
  const { type } = datasource as { readonly type?: string };
  const asks: Record<string, object> = {
    loki: { label: 'cluster', stream: '' },
    prometheus: { query: (query as { readonly query?: string }).query?.replace(/, \w+\)$/, ', cluster)') },
    tempo: { label: 'k8s.cluster.name' },
  };
  const source = { datasource, query: { ...(query as object), ...asks[type ?? ''] } };
  // "All" includes data that was stored before the cluster had a name.
  return { name, label: 'Cluster', model: asked(source, '.*') };
}

/** Values of a Loki stream label, among the streams that match a selector. */
export function logLabel(
  name: string,
  label: string,
  selector: string,
  { loki: uid }: DatasourceUids,
): Variable {
  const query = {
    refId: 'LokiVariableQueryEditor-VariableQuery',
    type: LABEL_VALUES,
    label: name,
    stream: selector,
  };
  // Loki rejects a selector that could match the empty string. Do not use ".+": in a link, "+" is a space.
  return { name, label, model: asked({ datasource: { type: 'loki', uid }, query }, '..*') };
}

/** Services that have span metrics in Prometheus. */
export function meteredService(metric: string, uids: DatasourceUids): Variable {
  return service({
    datasource: { type: 'prometheus', uid: uids.prometheus },
    query: {
      refId: 'PrometheusVariableQueryEditor-VariableQuery',
      qryType: LABEL_VALUES,
      query: `label_values(${metric}, service)`,
    },
  });
}

/** Services that have traces in Tempo. */
export function tracedService(uids: DatasourceUids): Variable {
  return service({
    datasource: { type: 'tempo', uid: uids.tempo },
    query: {
      refId: 'TempoDatasourceVariableQueryEditor-VariableQuery',
      type: LABEL_VALUES,
      // Without its scope, which Grafana adds.
      label: 'service.name',
    },
  });
}

function service(source: Source): Variable {
  return { name: 'service', label: 'Service', model: asked(source, '.*') };
}

/** Variable with several durations to select from. */
export function durationOf(name: string, label: string, values: readonly string[]): Variable {
  const [first = ''] = values;
  return {
    name,
    label,
    model: { type: 'custom', query: values.join(','), current: { text: first, value: first } },
  };
}

/** Variable with fixed values to select from. */
export function choiceOf(name: string, label: string, values: readonly string[]): Variable {
  return { name, label, model: { type: 'custom', query: values.join(','), allValue: '.*', ...SEVERAL } };
}

/** Variable for text input. The description is shown next to its label. */
export function textOf(name: string, label: string, value: string, description?: string): Variable {
  const current = { text: value, value };
  return {
    name,
    label,
    model: { type: 'textbox', description, query: value, current, options: [{ ...current, selected: true }] },
  };
}
