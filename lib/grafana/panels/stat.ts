import { type PanelOf, type PanelProps, panel } from '../panel';
import type { FieldDefaults, Transformation } from '../schema';

/** Points of the course below a number; its sum and mean are made of them. */
const POINTS = 100;

/** Properties of {@link stat}. */
export interface StatProps extends PanelProps {
  /** What becomes of several points: the last one, or all of them. @default the last one */
  readonly over?: 'lastNotNull' | 'mean' | 'sum';
  /** Shows each series as a tile in the colour of its value, with its name. @default false */
  readonly tiles?: boolean;
  /** Words in the place of values. */
  readonly mappings?: FieldDefaults<'stat'>['mappings'];
  readonly transformations?: readonly Transformation[];
}

/** One number, in the colour of its thresholds, above its course over time. */
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
