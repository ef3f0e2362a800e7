import type { Query } from './query';
import type {
  FieldDefaults,
  Override,
  PanelOptions,
  PanelType,
  ThresholdSteps,
  Transformation,
} from './schema';

/** A panel of a dashboard, of one visualization. */
export interface PanelOf<Type extends PanelType> extends PanelProps {
  readonly type: Type;
  readonly options: PanelOptions<Type>;
  readonly defaults: FieldDefaults<Type>;
  readonly overrides: ReadonlyArray<Override<Type>>;
  readonly transformations: readonly Transformation[];
  /** Points that a query is asked for; without it, one a pixel. */
  readonly maxDataPoints?: number;
}

/** A panel of a dashboard. */
export type Panel = { [Type in PanelType]: PanelOf<Type> }[PanelType];

/** Units of Grafana that are used here; `count:` scales a number and adds its own name. */
export type Unit =
  | 'short'
  | 'percentunit'
  | 's'
  | 'bytes'
  | 'binBps'
  | 'reqps'
  | 'count:lines'
  | 'count:lines/s'
  | 'count:spans'
  | 'count:spans/s';

/** Values from which on a number is orange, and red. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** What every panel is given. */
export interface PanelProps {
  /** Address of the panel in links to it; never changed, never used again. */
  readonly id: number;
  /** A noun of two or three words. */
  readonly title: string;
  /** What the panel shows, and how to read it; Grafana shows it beside the title. */
  readonly description: string;
  /** Columns, of 24. */
  readonly width: number;
  readonly queries: readonly Query[];
  readonly unit?: Unit;
  readonly thresholds?: Thresholds;
  /** Shows this time up to the end of the time range, such as `5m`, instead of the whole range. */
  readonly timeFrom?: string;
}

/** Grey that can be read on, and in, a dark and a light theme. */
export const NEUTRAL = '#8e8e8e';

/**
 * A panel of a visualization, with its options. It has no text of its own for an empty answer: Grafana would show it for
 * a failed query, too.
 */
export function panel<Type extends PanelType>(
  type: Type,
  props: PanelProps,
  more: Partial<Pick<PanelOf<Type>, 'defaults' | 'maxDataPoints' | 'overrides' | 'transformations'>> & {
    readonly options: PanelOptions<Type>;
  },
): PanelOf<Type> {
  const { unit, thresholds } = props;
  const defaults: FieldDefaults<Type> = {
    ...(unit ? { unit } : {}),
    thresholds: steps(thresholds),
    ...more.defaults,
  };
  return { overrides: [], transformations: [], ...props, ...more, type, defaults };
}

type Steps = NonNullable<ThresholdSteps['steps']>;

/** The first color is also that of a failed query, which must not look fine. */
const FINE: Steps = [
  { color: NEUTRAL, value: null },
  { color: 'green', value: 0 },
];

/**
 * Thresholds as Grafana has them. Without any of our own, Grafana would draw numbers from 80 on in red.
 *
 * @param below Colors below the first threshold. @default green, and neutral without a number
 */
export function steps(thresholds: Thresholds | undefined, below: Steps = FINE): ThresholdSteps {
  const colors = thresholds
    ? [...below, { color: 'orange', value: thresholds.warning }, { color: 'red', value: thresholds.critical }]
    : [{ color: 'text', value: null }];
  return { mode: 'absolute', steps: colors };
}
