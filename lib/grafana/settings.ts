import { z } from 'zod';
import { count, labelKey, namespaceName, text } from '../values/fields';

const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** What an operator knows about the existing Grafana. */
export const grafanaSettings = z
  .strictObject({
    namespace: namespaceName()
      .nullable()
      .default(null)
      .describe(
        'Namespace of Grafana, whose sidecar reads datasources there and nowhere else; null is cluster.namespace.',
      ),
    datasourceLabel: labelKey('grafana_datasource')
      .default('grafana_datasource')
      .describe(
        'Label by which the sidecar finds datasources (sidecar.datasources.label of the Grafana chart).',
      ),
    datasourceLabelValue: text('a label value such as "1"', LABEL_VALUE, 63)
      .default('1')
      .describe('Value of that label (sidecar.datasources.labelValue).'),
    maxLines: count({ atLeast: 10, atMost: 5_000 })
      .default(1_000)
      .describe('Log lines that Grafana asks Loki for in one query.'),
  })
  .prefault({})
  .describe('The existing Grafana.');
export type GrafanaSettings = z.output<typeof grafanaSettings>;
