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

/** A panel of a visualization, with what the visualization itself has to be told. */
export function panel(
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

/** Thresholds as Grafana holds them. */
export function steps({ warning, critical }: Thresholds) {
  return {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      { color: 'orange', value: warning },
      { color: 'red', value: critical },
    ],
  };
}
