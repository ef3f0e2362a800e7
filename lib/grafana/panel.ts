import type { Query } from './query';
import type {
  FieldDefaults,
  Override,
  PanelOptions,
  PanelType,
  ThresholdSteps,
  Transformation,
} from './schema';

/** A panel of a dashboard with a specific visualization. */
export interface PanelOf<Type extends PanelType> extends PanelProps {
  readonly type: Type;
  readonly options: PanelOptions<Type>;
  readonly defaults: FieldDefaults<Type>;
  readonly overrides: ReadonlyArray<Override<Type>>;
  readonly transformations: readonly Transformation[];
  /** Maximum number of data points per query. Defaults to one per pixel. */
  readonly maxDataPoints?: number;
}

/** A panel of a dashboard. */
export type Panel = { [Type in PanelType]: PanelOf<Type> }[PanelType];

/** Grafana units used by this product. `count:` scales a number and appends its own name. */
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

/** Values at which a number turns orange and red. */
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}

/** Properties common to all panels. */
export interface PanelProps {
  /** ID of the panel in links. Never change it, and never reuse it. */
  readonly id: number;
  /** A noun phrase of two or three words. */
  readonly title: string;
  /** What the panel shows and how to read it. Grafana shows it next to the title. */
  readonly description: string;
  /** Width in columns, out of 24. */
  readonly width: number;
  readonly queries: readonly Query[];
  readonly unit?: Unit;
  readonly thresholds?: Thresholds;
  /** Shows this period before the end of the time range, such as `5m`, instead of the whole range. */
  readonly timeFrom?: string;
}

/** Gray that is legible as text and as a background, in the dark and the light theme. */
export const NEUTRAL = '#8e8e8e';

/**
 * A panel with a visualization and its options. It sets no text for an empty response, because Grafana would also show
 * that text for a failed query.
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

/** A failed query also gets the first color, so that color must not suggest success. */
const FINE: Steps = [
  { color: NEUTRAL, value: null },
  { color: 'green', value: 0 },
];

/**
 * Thresholds in Grafana's format. Without explicit thresholds, Grafana would color numbers of 80 and above red.
 *
 * @param below Colors below the first threshold. @default green, and neutral if there is no number
 */
export function steps(thresholds: Thresholds | undefined, below: Steps = FINE): ThresholdSteps {
  const colors = thresholds
    ? [...below, { color: 'orange', value: thresholds.warning }, { color: 'red', value: thresholds.critical }]
    : [{ color: 'text', value: null }];
  return { mode: 'absolute', steps: colors };
}
