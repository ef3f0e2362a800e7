import { NEUTRAL, type PanelOf, type PanelProps, panel, steps } from '../panel';
import type { Override } from '../schema';

/** Colors of the levels of log lines, the same in every panel. */
const LEVELS: Readonly<Record<string, string>> = {
  critical: 'purple',
  fatal: 'dark-purple',
  error: 'red',
  warn: 'orange',
  info: 'green',
  debug: 'blue',
  trace: 'light-blue',
};

/** Colors of status codes by their first digit. */
const STATUS_CODES: Readonly<Record<string, string>> = {
  '1..': 'light-blue',
  '2..': 'green',
  '3..': 'blue',
  '4..': 'orange',
  '5..': 'red',
};

/** Bars over the width of a panel: with a bar a pixel, they would be hairlines. */
const BARS = 80;

/** Points of a line; Loki and Tempo count everything once for each of them. */
const POINTS = 120;

/** Properties of {@link timeseries}. */
export interface TimeseriesProps extends PanelProps {
  /** Stacked bars of counts, instead of lines. @default false */
  readonly stacked?: boolean;
  /** What the series are, where their names have colors of their own. */
  readonly colors?: 'levels' | 'status codes';
  /** End of the axis, unless a value is higher. */
  readonly softMax?: number;
}

/** Lines, or stacked bars, over time; a threshold is drawn as a dashed line. */
export function timeseries({
  stacked = false,
  colors,
  softMax,
  ...props
}: TimeseriesProps): PanelOf<'timeseries'> {
  const { thresholds, width } = props;
  return panel('timeseries', props, {
    options: {
      legend: {
        displayMode: 'table',
        placement: width < 12 ? 'bottom' : 'right',
        calcs: stacked ? ['sum'] : ['mean', 'max'],
        showLegend: true,
        sortBy: stacked ? 'Total' : 'Max',
        sortDesc: true,
      },
      tooltip: { mode: 'multi', sort: 'desc', hideZeros: true },
    },
    defaults: {
      // The same name has the same color in every panel.
      color: { mode: 'palette-classic-by-name' },
      // What is fine is no line.
      thresholds: steps(thresholds, [{ color: NEUTRAL, value: null }]),
      min: 0,
      custom: {
        drawStyle: stacked ? 'bars' : 'line',
        fillOpacity: stacked ? 80 : 10,
        lineWidth: stacked ? 0 : 1,
        barWidthFactor: 1,
        showPoints: stacked ? 'never' : 'auto',
        stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        ...(softMax === undefined ? {} : { axisSoftMax: softMax }),
        ...(thresholds ? { thresholdsStyle: { mode: 'dashed' } } : {}),
      },
    },
    overrides: [color('byName', 'unknown', NEUTRAL), ...colored(colors)],
    maxDataPoints: stacked ? BARS : POINTS,
  });
}

const color = (id: 'byName' | 'byRegexp', options: string, fixedColor: string): Override<'timeseries'> => ({
  matcher: { id, options },
  properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
});

function colored(colors: TimeseriesProps['colors']): Array<Override<'timeseries'>> {
  if (colors === 'levels') return Object.entries(LEVELS).map(([name, fixed]) => color('byName', name, fixed));
  if (colors === 'status codes')
    return Object.entries(STATUS_CODES).map(([code, fixed]) => color('byRegexp', `^${code}$`, fixed));
  return [];
}
