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
export interface PanelOf<Type extends PanelType> {
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
  readonly type: Type;
  readonly options: PanelOptions<Type>;
  readonly defaults: FieldDefaults<Type>;
  readonly overrides: ReadonlyArray<Override<Type>>;
  readonly transformations: readonly Transformation[];
}

/** A panel of a dashboard. */
export type Panel = { [Type in PanelType]: PanelOf<Type> }[PanelType];

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

/** A panel of a visualization, with what the visualization itself has to be told. */
export function panel<Type extends PanelType>(
  type: Type,
  { id, title, question, empty, width, queries, unit, thresholds }: PanelProps,
  more: {
    options: PanelOptions<Type>;
    custom?: FieldDefaults<Type>['custom'];
    overrides?: ReadonlyArray<Override<Type>>;
    transformations?: readonly Transformation[];
  },
): PanelOf<Type> {
  const defaults: FieldDefaults<Type> = {
    noValue: empty,
    ...(unit ? { unit } : {}),
    ...(thresholds ? { color: { mode: 'thresholds' }, thresholds: steps(thresholds) } : {}),
    ...(more.custom ? { custom: more.custom } : {}),
  };
  return {
    id,
    title,
    question,
    empty,
    width,
    queries,
    type,
    options: more.options,
    defaults,
    overrides: more.overrides ?? [],
    transformations: more.transformations ?? [],
  };
}

/** Thresholds as Grafana holds them. */
export function steps({ warning, critical }: Thresholds): ThresholdSteps {
  return {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      { color: 'orange', value: warning },
      { color: 'red', value: critical },
    ],
  };
}
