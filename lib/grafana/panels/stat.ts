import { type PanelOf, type PanelProps, panel } from '../panel';
import type { FieldDefaults, Transformation } from '../schema';

/** Data points of the graph below a number. The sum and the mean are calculated from them. */
const POINTS = 100;

/** Properties of {@link stat}. */
export interface StatProps extends PanelProps {
  /** How several points are reduced: to the last one, their mean or their sum. @default the last one */
  readonly over?: 'lastNotNull' | 'mean' | 'sum';
  /** Shows each series as a tile with its name, in the color of its value. @default false */
  readonly tiles?: boolean;
  /** Text to show instead of values. */
  readonly mappings?: FieldDefaults<'stat'>['mappings'];
  readonly transformations?: readonly Transformation[];
}

/** One number, in the color of its threshold, above a graph of its values over time. */
export function stat({
  over,
  tiles = false,
  mappings,
  transformations,
  ...props
}: StatProps): PanelOf<'stat'> {
  return panel('stat', props, {
    options: {
      colorMode: tiles ? 'background_solid' : props.thresholds ? 'value' : 'none',
      graphMode: tiles ? 'none' : 'area',
      justifyMode: 'center',
      reduceOptions: { calcs: [over ?? 'lastNotNull'], fields: '', values: false },
      textMode: tiles ? 'value_and_name' : 'value',
      wideLayout: false,
    },
    defaults: {
      color: props.thresholds ? { mode: 'thresholds' } : { mode: 'fixed', fixedColor: 'blue' },
      ...(mappings ? { mappings } : {}),
    },
    maxDataPoints: POINTS,
    transformations,
  });
}
