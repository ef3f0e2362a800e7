import { type PanelOf, type PanelProps, panel, steps, type Thresholds, type Unit } from '../panel';
import { type Query, refId } from '../query';
import type { DataLink, Override } from '../schema';

/** A column of a table: its data and how to display it. */
export interface Column {
  /** Label whose values the column shows, or the index of the query, starting at 0. */
  readonly of: string | number;
  readonly title: string;
  readonly unit?: Unit;
  /** Draws a bar next to each number. */
  readonly bar?: boolean;
  /** Colors the cells. */
  readonly thresholds?: Thresholds;
  /** Width in pixels. Columns without a width share the remaining space. */
  readonly width?: number;
  /** Target of a click. */
  readonly link?: DataLink;
  /** Hides the column. Only links of other columns use it. */
  readonly hidden?: boolean;
}

/** Rows from one or more instant queries, joined by their labels. */
export function table(
  props: PanelProps & { readonly columns: readonly Column[]; readonly sortBy: string },
): PanelOf<'table'> {
  const { columns, sortBy, ...common } = props;
  const queries = props.queries.map((query): Query => ({ ...query, shape: 'table' }));
  const fields = columns.map((column) => ({ ...column, field: fieldOf(column, queries) }));
  return panel(
    'table',
    { ...common, queries },
    {
      options: { cellHeight: 'sm', showHeader: true, sortBy: [{ displayName: sortBy, desc: true }] },
      overrides: columns.map(columnOverride),
      transformations: [
        { id: 'merge', options: {} },
        { id: 'filterFieldsByName', options: { include: { names: fields.map(({ field }) => field) } } },
        {
          id: 'organize',
          options: {
            indexByName: Object.fromEntries(fields.map(({ field }, index) => [field, index])),
            renameByName: Object.fromEntries(fields.map(({ field, title }) => [field, title])),
          },
        },
      ],
    },
  );
}

/**
 * Name of the field in the response. Prometheus numbers the values only if there are several queries. Loki also numbers
 * those of a single query.
 *
 * @see https://github.com/grafana/grafana/blob/v13.0.0/packages/grafana-prometheus/src/result_transformer.ts
 * @see https://github.com/grafana/grafana/blob/v13.0.0/public/app/plugins/datasource/loki/makeTableFrames.ts
 */
function fieldOf({ of }: Column, queries: readonly Query[]): string {
  if (typeof of === 'string') return of;
  return queries.length === 1 && queries[0]?.language === 'promql' ? 'Value' : `Value #${refId(of)}`;
}

function columnOverride(column: Column): Override<'table'> {
  const { title, unit, bar, thresholds, width, link, hidden } = column;
  const properties: Array<Override<'table'>['properties'][number]> = [];
  if (unit) properties.push({ id: 'unit', value: unit });
  if (bar) {
    properties.push(
      { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic' } },
      { id: 'color', value: { mode: 'fixed', fixedColor: 'blue' } },
    );
  }
  if (thresholds) {
    properties.push(
      { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
      { id: 'thresholds', value: steps(thresholds, [{ color: 'transparent', value: null }]) },
    );
  }
  if (width) properties.push({ id: 'custom.width', value: width });
  if (link) properties.push({ id: 'links', value: [link] });
  if (hidden) {
    // Grafana 12 and Grafana 13 use different settings.
    properties.push({ id: 'custom.hidden', value: true }, { id: 'custom.hideFrom', value: { viz: true } });
  }
  return { matcher: { id: 'byName', options: title }, properties };
}
