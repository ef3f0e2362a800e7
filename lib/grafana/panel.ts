import type { Query } from './query';

/** A panel of a dashboard. */
export interface Panel {
  /** Address of the panel in links to it; never changed, never used again. */
  readonly id: number;
  readonly title: string;
  /** The question that it answers, shown beside its title. */
  readonly question: string;
  /** What it says when there is nothing to show. */
  readonly empty: string;
  /** Columns, of 24. */
  readonly width: number;
  readonly queries: readonly Query[];
  /** Name of the visualization. */
  readonly type: 'stat' | 'timeseries' | 'table' | 'logs' | 'heatmap' | 'nodeGraph';
  readonly options: object;
  readonly defaults: object;
  readonly overrides: readonly object[];
  readonly transformations: readonly object[];
}

/** Units of Grafana that are used here. */
export type Unit = 'short' | 'percentunit' | 's' | 'ms' | 'bytes' | 'binBps' | 'reqps' | 'cps' | 'none';

/** Values from which on a number is yellow, and red; a text is not compared. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** What every panel is given. */
export interface PanelProps {
  readonly id: number;
  readonly title: string;
  readonly question: string;
  readonly empty: string;
  readonly width: number;
  readonly queries: readonly Query[];
  readonly unit?: Unit;
  readonly thresholds?: Thresholds;
}

/** Colours of the levels of log lines, the same in every panel. */
const LEVEL_COLOURS = {
  critical: 'purple',
  fatal: 'dark-purple',
  error: 'red',
  warn: 'orange',
  info: 'green',
  debug: 'blue',
  trace: 'light-blue',
  unknown: 'text',
};

function panel(
  type: Panel['type'],
  { id, title, question, empty, width, queries, unit, thresholds }: PanelProps,
  more: {
    options: object;
    custom?: object;
    overrides?: readonly object[];
    transformations?: readonly object[];
  },
): Panel {
  return {
    id,
    title,
    question,
    empty,
    width,
    queries,
    type,
    options: more.options,
    defaults: {
      noValue: empty,
      ...(unit ? { unit } : {}),
      ...(thresholds ? { color: { mode: 'thresholds' }, thresholds: steps(thresholds) } : {}),
      ...(more.custom ? { custom: more.custom } : {}),
    },
    overrides: more.overrides ?? [],
    transformations: more.transformations ?? [],
  };
}

function steps({ warning, critical }: Thresholds) {
  return {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      { color: 'orange', value: warning },
      { color: 'red', value: critical },
    ],
  };
}

/** One number, coloured by its thresholds. */
export function stat(props: PanelProps): Panel {
  return panel('stat', props, {
    options: {
      colorMode: props.thresholds ? 'value' : 'none',
      graphMode: 'area',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      textMode: 'value',
    },
  });
}

/** Lines, or stacked bars, over time; a threshold is drawn as a line. */
export function timeseries(
  props: PanelProps & { readonly stacked?: boolean; readonly byLevel?: boolean },
): Panel {
  const { stacked = false, byLevel = false, thresholds } = props;
  const overrides = Object.entries(LEVEL_COLOURS).map(([level, fixedColor]) => ({
    matcher: { id: 'byName', options: level },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
  }));
  const drawn = panel(
    'timeseries',
    { ...props, thresholds: undefined },
    {
      options: {
        legend: {
          displayMode: 'table',
          placement: 'bottom',
          calcs: ['mean', 'max'],
          sortBy: 'Max',
          sortDesc: true,
        },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
      custom: {
        drawStyle: stacked ? 'bars' : 'line',
        fillOpacity: stacked ? 80 : 10,
        lineWidth: 1,
        showPoints: 'never',
        stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        ...(thresholds ? { thresholdsStyle: { mode: 'dashed' } } : {}),
      },
      overrides: byLevel ? overrides : [],
    },
  );
  const colour = { mode: 'palette-classic-by-name' };
  return {
    ...drawn,
    defaults: {
      ...drawn.defaults,
      color: colour,
      min: 0,
      ...(thresholds ? { thresholds: steps(thresholds) } : {}),
    },
  };
}

/** A column of a table: what it shows, and how. */
export interface Column {
  /** Field of the answer: a label, or `Value #A` for the first of several queries. */
  readonly field: string;
  readonly title: string;
  readonly unit?: Unit;
  /** Drawn as a bar beside its number. */
  readonly bar?: boolean;
  /** Width in pixels. */
  readonly width?: number;
  /** Where a click leads. */
  readonly link?: { readonly title: string; readonly url: string };
}

/** Rows of one or more instant queries, joined by their labels; the first column with a bar sorts them. */
export function table(
  props: PanelProps & { readonly columns: readonly Column[]; readonly sortBy: string },
): Panel {
  const { columns, sortBy } = props;
  const order = Object.fromEntries(columns.map(({ field }, index) => [field, index]));
  return panel('table', props, {
    options: { cellHeight: 'sm', showHeader: true, sortBy: [{ displayName: sortBy, desc: true }] },
    custom: { filterable: true },
    overrides: columns.map(columnOverride),
    transformations: [
      { id: 'merge', options: {} },
      { id: 'filterFieldsByName', options: { include: { names: columns.map(({ field }) => field) } } },
      {
        id: 'organize',
        options: {
          indexByName: order,
          renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
        },
      },
    ],
  });
}

function columnOverride({ title, unit, bar, width, link }: Column) {
  return {
    matcher: { id: 'byName', options: title },
    properties: [
      ...(unit ? [{ id: 'unit', value: unit }] : []),
      ...(bar ? [{ id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic' } }] : []),
      ...(width ? [{ id: 'custom.width', value: width }] : []),
      ...(link ? [{ id: 'links', value: [link] }] : []),
    ],
  };
}

/** Traces as Tempo lists them: each leads to its spans. */
export function traces(props: PanelProps): Panel {
  return panel('table', props, {
    options: { cellHeight: 'sm', showHeader: true, sortBy: [{ displayName: 'Duration', desc: true }] },
  });
}

/** Log lines, newest first, each with its fields and its links. */
export function logs(props: PanelProps): Panel {
  return panel('logs', props, {
    options: {
      dedupStrategy: 'none',
      enableLogDetails: true,
      prettifyLogMessage: false,
      showCommonLabels: false,
      showLabels: false,
      showTime: true,
      sortOrder: 'Descending',
      wrapLogMessage: true,
    },
  });
}

/** How many fell into each bucket of a histogram, over time. */
export function heatmap(props: PanelProps): Panel {
  return panel('heatmap', props, {
    options: {
      calculate: false,
      cellGap: 1,
      color: { mode: 'scheme', scheme: 'Oranges', steps: 64 },
      legend: { show: true },
      tooltip: { mode: 'single', yHistogram: true },
      yAxis: { axisPlacement: 'left', unit: props.unit },
    },
  });
}

/** Who calls whom. */
export function nodeGraph(props: PanelProps): Panel {
  return panel('nodeGraph', props, { options: { layoutAlgorithm: 'layered' } });
}
