import { parse, stringify } from 'yaml';
import { workloadsOf } from '../../scripts/objects';
import type { Manifest } from '../support/render';

/** A Loki with a config to measure. */
export interface LokiVariant {
  readonly name: string;
  /** Changes the rendered config. */
  readonly change: (config: Manifest) => void;
}

/** The defaults of Loki's chart and of Loki, where this product chooses otherwise; storage and limits are the same. */
const DEFAULTS: Readonly<Record<string, (config: Manifest) => void>> = {
  'with snappy': (config) => {
    config.ingester.chunk_encoding = 'snappy';
  },
  'with the default caches': (config) => {
    delete config.chunk_store_config;
    delete config.query_range.results_cache;
  },
  'with the default concurrency': (config) => {
    delete config.querier.max_concurrent;
    delete config.limits_config.split_queries_by_interval;
    delete config.limits_config.max_query_parallelism;
    delete config.limits_config.tsdb_max_query_parallelism;
    delete config.limits_config.tsdb_max_bytes_per_shard;
  },
};

/** What is measured: the rendered config, upstream's defaults, and the rendered config with one difference. */
export const LOKI_VARIANTS: readonly LokiVariant[] = [
  { name: 'as rendered', change: () => {} },
  {
    name: 'with defaults',
    change: (config) => {
      for (const change of Object.values(DEFAULTS)) change(config);
    },
  },
  ...Object.entries(DEFAULTS).map(([name, change]) => ({ name, change })),
  {
    name: 'with patterns',
    change: (config) => {
      config.pattern_ingester = { enabled: true };
    },
  },
];

/** Queries as Grafana sends them, over the time since a start; a search for a trace id is among them. */
export const QUERIES: Readonly<Record<string, string>> = {
  'a trace id in all streams': '{namespace=~".+"} |= "TRACE"',
  'rate of all lines': 'sum(rate({namespace=~".+"}[1m]))',
  'lines with an error, by app':
    'sum by (app) (count_over_time({namespace=~".+"} | detected_level="error" [1m]))',
  'a field of JSON lines': '{namespace="team-0"} | json | duration_ms > 1900',
  'the latest lines of one app': '{app="application-1"}',
};

/** Name of a Loki that runs next to the others. */
export const podOf = ({ name }: LokiVariant) => name.replaceAll(' ', '-');

/** The objects of every Loki that is measured, each with names and a config of its own. */
export function allVariants(objects: readonly Manifest[]): Manifest[] {
  const ours = objects.filter(({ metadata }) => metadata.name === 'loki');
  return LOKI_VARIANTS.flatMap((variant) => {
    const changed = JSON.stringify(withConfig(ours, 'loki', variant.change));
    const copy: Manifest[] = JSON.parse(changed.replaceAll('"loki"', JSON.stringify(podOf(variant))));
    // The program of a pod is that of its label.
    for (const { spec } of workloadsOf(copy)) spec.selector.matchLabels.app = 'loki';
    return copy;
  });
}

/** Objects whose config of a daemon is changed. */
export function withConfig(
  objects: readonly Manifest[],
  name: string,
  change: (config: Manifest) => void,
): Manifest[] {
  const copy: Manifest[] = structuredClone([...objects]);
  const map = copy.find((one) => one.kind === 'ConfigMap' && one.metadata.name === name);
  const [file = ''] = Object.keys(map.data);
  const config = parse(map.data[file]);
  change(config);
  map.data[file] = stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
  return copy;
}
