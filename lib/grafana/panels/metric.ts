import { type Panel, type PanelProps, panel, steps } from '../panel';
import type { FieldDefaults, Override } from '../schema';

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

/** One number, coloured by its thresholds, above its course: the last of the time range, its mean, or its sum. */
export function stat(props: PanelProps & { readonly over?: 'lastNotNull' | 'mean' | 'sum' }): Panel {
  return panel('stat', props, {
    options: {
      colorMode: props.thresholds ? 'value' : 'none',
      graphMode: 'area',
      reduceOptions: { calcs: [props.over ?? 'lastNotNull'], fields: '', values: false },
      textMode: 'value',
    },
  });
}

/** Lines, or stacked bars, over time; a threshold is drawn as a line. */
export function timeseries(
  props: PanelProps & { readonly stacked?: boolean; readonly byLevel?: boolean },
): Panel {
  const { stacked = false, byLevel = false, thresholds } = props;
  const overrides = Object.entries(LEVEL_COLOURS).map(
    ([level, fixedColor]): Override<'timeseries'> => ({
      matcher: { id: 'byName', options: level },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
    }),
  );
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
  const defaults: FieldDefaults<'timeseries'> = {
    ...drawn.defaults,
    color: { mode: 'palette-classic-by-name' },
    min: 0,
    ...(thresholds ? { thresholds: steps(thresholds) } : {}),
  };
  return { ...drawn, defaults };
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
