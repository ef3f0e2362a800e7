import type * as grafana from '@grafana/schema';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as logs from '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen';
import type * as nodeGraph from '@grafana/schema/dist/esm/raw/composable/nodegraph/panelcfg/x/NodeGraphPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/**
 * A type of Grafana's schema as JSON. Every key is optional, because Grafana has defaults. An enum is one of its
 * strings.
 */
export type AsJson<T> = T extends string
  ? `${T}`
  : T extends ReadonlyArray<infer Item>
    ? ReadonlyArray<AsJson<Item>>
    : T extends object
      ? { readonly [Key in keyof T]?: AsJson<T[Key]> }
      : T;

/** The fields of some visualizations have no custom settings. */
type Nothing = Record<string, never>;

/** Grafana 12 hides a column with a setting that the Grafana 13 schema no longer contains. */
interface TableField extends table.FieldConfig {
  readonly hidden?: boolean;
}

/** Options of each visualization and of the fields that it displays. */
interface Visualizations {
  readonly stat: { options: stat.Options; field: Nothing };
  readonly timeseries: { options: timeseries.Options; field: timeseries.FieldConfig };
  readonly table: { options: table.Options; field: TableField };
  readonly logs: { options: logs.Options; field: Nothing };
  readonly heatmap: { options: heatmap.Options; field: heatmap.FieldConfig };
  readonly nodeGraph: { options: nodeGraph.Options; field: Nothing };
  /** The schema does not describe this visualization. */
  readonly traces: { options: Nothing; field: Nothing };
}

/** Name of a visualization used by this product. */
export type PanelType = keyof Visualizations;

export type PanelOptions<Type extends PanelType> = AsJson<Visualizations[Type]['options']>;

/** How the fields of a response are displayed. */
export type FieldDefaults<Type extends PanelType> = AsJson<Omit<grafana.FieldConfig, 'custom' | 'links'>> & {
  readonly custom?: AsJson<Visualizations[Type]['field']>;
  readonly links?: readonly DataLink[];
};

/** Values at which a color starts. */
export type ThresholdSteps = AsJson<grafana.ThresholdsConfig>;

/** Targets of a click on a value. */
export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank?: boolean;
}

/** One setting of {@link FieldDefaults}, as written in an override: `custom.width` for `width` of `custom`. */
type Property<Type extends PanelType> =
  | PropertyOf<Omit<FieldDefaults<Type>, 'custom'>, ''>
  | PropertyOf<AsJson<Visualizations[Type]['field']>, 'custom.'>;
type PropertyOf<Settings, Prefix extends string> = {
  [Key in keyof Settings & string]-?: {
    readonly id: `${Prefix}${Key}`;
    readonly value: NonNullable<Settings[Key]>;
  };
}[keyof Settings & string];

/** Settings that differ for some fields. */
export interface Override<Type extends PanelType> {
  readonly matcher: { readonly id: 'byName' | 'byRegexp' | 'byType'; readonly options: string };
  readonly properties: ReadonlyArray<Property<Type>>;
}

/**
 * Transformations of the frames in a response. Grafana's schema does not describe their options.
 *
 * @see https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/transform-data/
 */
export type Transformation =
  | { readonly id: 'merge'; readonly options: Readonly<Record<string, never>> }
  | {
      readonly id: 'rowsToFields';
      readonly options: {
        readonly mappings: ReadonlyArray<{
          readonly fieldName: string;
          readonly handlerKey: 'field.name' | 'field.value';
        }>;
      };
    }
  | { readonly id: 'joinByField'; readonly options: { readonly byField: string; readonly mode: 'outer' } }
  | {
      readonly id: 'reduce';
      readonly options: { readonly mode: 'reduceFields'; readonly reducers: readonly string[] };
    }
  | {
      readonly id: 'calculateField';
      readonly options: {
        readonly mode: 'binary';
        readonly binary: { readonly left: string; readonly operator: '/'; readonly right: string };
        readonly alias: string;
        readonly replaceFields: true;
      };
    }
  | { readonly id: 'filterFieldsByName'; readonly options: { include: { names: readonly string[] } } }
  | {
      readonly id: 'organize';
      readonly options: {
        readonly indexByName: Readonly<Record<string, number>>;
        readonly renameByName: Readonly<Record<string, string>>;
      };
    };

/** A dashboard in the classic schema. */
export type DashboardJson = AsJson<grafana.Dashboard>;

/** A variable at the top of a dashboard, in the classic schema. */
export type VariableJson = AsJson<grafana.VariableModel>;
