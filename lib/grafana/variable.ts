import type { DatasourceUids } from './query';
import type { VariableJson } from './schema';

/** A choice at the top of a dashboard. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** The variable as Grafana holds it, but for name and label. */
  readonly model: Omit<VariableJson, 'name' | 'label'>;
}

/** Refreshed when the time range changes, as labels come and go. */
const ON_TIME_RANGE = 2;
const LABEL_VALUES = 1;

const SEVERAL = {
  includeAll: true,
  multi: true,
  current: { text: ['All'], value: ['$__all'] },
} satisfies Variable['model'];

/** Which datasource is asked, and what. */
type Source = Pick<VariableJson, 'datasource' | 'query'>;

/** A variable whose values a datasource is asked for, of which a person may choose several. */
const asked = (source: Source, allValue: string): Variable['model'] => ({
  type: 'query',
  ...source,
  allValue,
  refresh: ON_TIME_RANGE,
  sort: 1,
  ...SEVERAL,
});

/** Choice of clusters, from the datasource that another variable of the dashboard asks. */
export function clusterVariable(name: string, { model: { datasource, query } }: Variable): Variable {
  const { type } = datasource as { readonly type?: string };
  const asks: Record<string, object> = {
    loki: { label: 'cluster', stream: '' },
    prometheus: { query: (query as { readonly query?: string }).query?.replace(/, \w+\)$/, ', cluster)') },
    tempo: { label: 'k8s.cluster.name' },
  };
  const source = { datasource, query: { ...(query as object), ...asks[type ?? ''] } };
  // What was stored before the cluster had a name is in "All".
  return { name, label: 'Cluster', model: asked(source, '.*') };
}

/** Values of a label of Loki's streams, among those that match a selector. */
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
  // Loki refuses a selector that could match the empty text. Not ".+": in a link, "+" is a space.
  return { name, label, model: asked({ datasource: { type: 'loki', uid }, query }, '..*') };
}

/** Services that the span metrics in Prometheus know. */
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

/** Services that Tempo has traces of. */
export function tracedService(uids: DatasourceUids): Variable {
  return service({
    datasource: { type: 'tempo', uid: uids.tempo },
    query: {
      refId: 'TempoDatasourceVariableQueryEditor-VariableQuery',
      type: LABEL_VALUES,
      // Without its scope, which Grafana looks up.
      label: 'service.name',
    },
  });
}

function service(source: Source): Variable {
  return { name: 'service', label: 'Service', model: asked(source, '.*') };
}

/** A choice of one of several durations. */
export function durationOf(name: string, label: string, values: readonly string[]): Variable {
  const [first = ''] = values;
  return {
    name,
    label,
    model: { type: 'custom', query: values.join(','), current: { text: first, value: first } },
  };
}

/** A choice among fixed values. */
export function choiceOf(name: string, label: string, values: readonly string[]): Variable {
  return { name, label, model: { type: 'custom', query: values.join(','), allValue: '.*', ...SEVERAL } };
}

/** A text that a person types; the description is shown beside its label. */
export function textOf(name: string, label: string, value: string, description?: string): Variable {
  const current = { text: value, value };
  return {
    name,
    label,
    model: { type: 'textbox', description, query: value, current, options: [{ ...current, selected: true }] },
  };
}
