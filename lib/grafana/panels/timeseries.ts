import type { Colors } from '../colors';
import { NEUTRAL, type PanelOf, type PanelProps, panel, steps } from '../panel';
import type { Override } from '../schema';

/** Bars over the width of a panel: with a bar a pixel, they would be hairlines. */
const BARS = 80;

/** Points of a line; Loki and Tempo count everything once for each of them. */
const POINTS = 120;

/** Properties of {@link timeseries}. */
export interface TimeseriesProps extends PanelProps {
  /** Stacked bars of counts, instead of lines. @default false */
  readonly stacked?: boolean;
  /** Colors by a regular expression of the whole name, where a color means something or must not seem to. */
  readonly colors?: Colors;
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
        // The areas of many lines on top of each other look like mud.
        fillOpacity: stacked ? 80 : colors ? 10 : 0,
        lineWidth: stacked ? 0 : 1,
        barWidthFactor: 1,
        // A single value has no line; small, so that the points of a full line do not hide it.
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
