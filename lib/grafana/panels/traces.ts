import { dashboardUrl } from '../dashboard-link';
import { type PanelOf, type PanelProps, panel } from '../panel';
import type { Override } from '../schema';

/** The panel of the dashboard *Tempo Tracing* that shows one trace. */
export const TRACE_PANEL = { dashboard: 'tempo-tracing', variable: 'trace', id: 33 } as const;

/**
 * Opens a trace by its ID, in the panel that shows one trace in the full window. The link of the datasource opens
 * Explore. Unlike that link, this one works for users with the Viewer role.
 */
export const VIEW_TRACE = {
  title: 'View trace',
  url: `${dashboardUrl(TRACE_PANEL.dashboard, { [TRACE_PANEL.variable]: '${__value.raw}' })}&viewPanel=${TRACE_PANEL.id}`,
};

/** Column widths that leave room for the duration in half of a 1280-pixel window. The name uses the remaining space. */
const WIDTHS = { traceID: 85, startTime: 155, traceService: 95, traceDuration: 85 };
const LEAST_NAME_WIDTH = 80;

/** Properties of {@link traceTable}. */
export interface TraceTableProps extends PanelProps {
  /** Column to sort by, in descending order. */
  readonly sortBy: 'Duration' | 'Start time';
}

/** Traces that match a query. Each one links to its spans. */
export function traceTable({ sortBy, ...props }: TraceTableProps): PanelOf<'table'> {
  const widths = Object.entries(WIDTHS).map(
    ([field, value]): Override<'table'> => ({
      matcher: { id: 'byName', options: field },
      properties: [{ id: 'custom.width', value }],
    }),
  );
  return panel('table', props, {
    options: { cellHeight: 'sm', showHeader: true, sortBy: [{ displayName: sortBy, desc: true }] },
    overrides: [
      ...widths,
      {
        matcher: { id: 'byName', options: 'traceName' },
        properties: [{ id: 'custom.minWidth', value: LEAST_NAME_WIDTH }],
      },
      { matcher: { id: 'byName', options: 'traceID' }, properties: [{ id: 'links', value: [VIEW_TRACE] }] },
    ],
  });
}

/** The spans of one trace. */
export function trace(props: PanelProps): PanelOf<'traces'> {
  return panel('traces', props, { options: {} });
}
