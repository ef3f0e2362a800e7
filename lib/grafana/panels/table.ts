import { type Panel, type PanelProps, panel, type Unit } from '../panel';
import { type Query, refId } from '../query';
import type { DataLink, Override } from '../schema';

/** A column of a table: what it shows, and how. */
export interface Column {
  /** Label whose values it shows, or number of the query, from 0. */
  readonly of: string | number;
  readonly title: string;
  readonly unit?: Unit;
  /** Drawn as a bar beside its number. */
  readonly bar?: boolean;
  /** Width in pixels. */
  readonly width?: number;
  /** Where a click leads. */
  readonly link?: DataLink;
}

/** Rows of one or more instant queries, joined by their labels. */
export function table(
  props: PanelProps & { readonly columns: readonly Column[]; readonly sortBy: string },
): Panel {
  const { columns, sortBy, queries } = props;
  const fields = columns.map((column) => ({ ...column, field: fieldOf(column, queries) }));
  return panel('table', props, {
    options: { cellHeight: 'sm', showHeader: true, sortBy: [{ displayName: sortBy, desc: true }] },
    custom: { filterable: true },
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
  });
}

/**
 * Name of the field in the answer. Prometheus numbers the values of several queries only, Loki those of one too.
 *
 * @see https://github.com/grafana/grafana/blob/v13.0.0/packages/grafana-prometheus/src/result_transformer.ts
 * @see https://github.com/grafana/grafana/blob/v13.0.0/public/app/plugins/datasource/loki/makeTableFrames.ts
 */
function fieldOf({ of }: Column, queries: readonly Query[]): string {
  if (typeof of === 'string') return of;
  return queries.length === 1 && queries[0]?.language === 'promql' ? 'Value' : `Value #${refId(of)}`;
}

function columnOverride({ title, unit, bar, width, link }: Column): Override<'table'> {
  const properties: Array<Override<'table'>['properties'][number]> = [];
  if (unit) properties.push({ id: 'unit', value: unit });
  if (bar) properties.push({ id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic' } });
  if (width) properties.push({ id: 'custom.width', value: width });
  if (link) properties.push({ id: 'links', value: [link] });
  return { matcher: { id: 'byName', options: title }, properties };
}

/** Traces as Tempo lists them: each leads to its spans. */
export function traces(props: PanelProps): Panel {
  return panel('table', props, {
    options: { cellHeight: 'sm', showHeader: true, sortBy: [{ displayName: 'Duration', desc: true }] },
  });
}
