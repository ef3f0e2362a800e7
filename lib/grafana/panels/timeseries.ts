import type { Colors } from '../colors';
import { NEUTRAL, type PanelOf, type PanelProps, panel, steps } from '../panel';
import type { Override } from '../schema';

/** Number of bars across the width of a panel. With one bar per pixel, bars would be hairlines. */
const BARS = 80;

/** Number of points per line. Loki and Tempo evaluate the whole query once for each point. */
const POINTS = 120;

/** Properties of {@link timeseries}. */
export interface TimeseriesProps extends PanelProps {
  /** Shows stacked bars of counts instead of lines. @default false */
  readonly stacked?: boolean;
  /**
   * Colors by a regular expression that matches the full name, for series whose color has a meaning or must not suggest
   * one.
   */
  readonly colors?: Colors;
  /** Maximum of the axis, unless a value is higher. */
  readonly softMax?: number;
}

/** Lines or stacked bars over time. A threshold is drawn as a dashed line. */
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
      // A series with the same name has the same color in every panel.
      color: { mode: 'palette-classic-by-name' },
      // The base level has a neutral color, so only the thresholds above it appear as lines.
      thresholds: steps(thresholds, [{ color: NEUTRAL, value: null }]),
      min: 0,
      custom: {
        drawStyle: stacked ? 'bars' : 'line',
        // Overlapping filled areas of many lines are hard to read.
        fillOpacity: stacked ? 80 : colors ? 10 : 0,
        lineWidth: stacked ? 0 : 1,
        barWidthFactor: 1,
        // A single value has no line, so it needs a point. The point is small so that points do not hide a full line.
        showPoints: stacked ? 'never' : 'auto',
        pointSize: 3,
        stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        ...(softMax === undefined ? {} : { axisSoftMax: softMax }),
        ...(thresholds ? { thresholdsStyle: { mode: 'dashed' } } : {}),
      },
    },
    overrides: Object.entries({ unknown: NEUTRAL, ...colors }).map(colored),
    maxDataPoints: stacked ? BARS : POINTS,
  });
}

const colored = ([name, fixedColor]: [string, string]): Override<'timeseries'> => ({
  matcher: { id: 'byRegexp', options: `/^(${name})$/` },
  properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
});
