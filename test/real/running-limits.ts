import { DAEMONS, type Daemon, valueAt } from '../../scripts/limits';
import { limitPaths } from '../support/limit-paths';
import { configOf, type Manifest } from '../support/render';
import type { Report } from './report';
import { normal, runningConfig } from './running-config';
import type { Stack } from './stack';

/** Sections whose own keys limit lines, spans and queries. What lies deeper configures rings, clients and caches. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  loki: [
    'limits_config',
    'distributor',
    'ingester',
    'pattern_ingester',
    'querier',
    'query_scheduler',
    'frontend',
  ],
  tempo: [
    'distributor',
    'live_store',
    'live_store.wal',
    'overrides.defaults.ingestion',
    'overrides.defaults.global',
    'overrides.defaults.read',
    'query_frontend',
    'query_frontend.search',
    'query_frontend.metrics',
    'querier',
    'querier.search',
    'querier.trace_by_id',
  ],
  promtail: ['limits_config'],
};

/** Keys that are named like limits: of features that are off, of other topologies, or of how work is divided. */
const NO_LIMITS: Readonly<Record<string, RegExp>> = {
  loki: /\.(bloom_|ruler_|index_gateway_|per_tenant_)|tenant_shard_size|_truncate|_max_depth|_per_shard|cache_freshness|queriers_per_tenant|max_query_capacity|max_streams_per_user|scan_task|pattern_rate|retention_period|reject_old_samples$|_check_period|flush_op_timeout|(retain|idle|sync)_period|(block|target)_size|returned_stream_errors|look_back|pattern_ingester\.(connection_timeout|max_chunk_age)|hierarchy_levels|outstanding_per_tenant|dns_lookup|graceful_shutdown/,
  tempo:
    /check_period|flush_op_timeout|complete_block_timeout|max_trace_(live|idle)|max_block_|readiness_max_wait|max_batch_size|max_retries|packet_size|shuffle_sharding/,
  promtail: /_truncate/,
};

/** Whether every listed limit exists, each upstream default is what runs, and no other limit is there. */
export async function checkRunningLimits(
  stack: Stack,
  objects: readonly Manifest[],
  folder: string,
  report: Report,
): Promise<void> {
  const present = DAEMONS.filter(({ name }) =>
    objects.some(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name),
  );
  for (const daemon of present) {
    const { name, limits } = daemon;
    const running = await runningConfig(stack, objects, name, folder);
    // A collector prints neither the operators of a receiver nor a zero: only the rendered config has them.
    const rendered = name === 'otel-agent' ? configOf(objects, name) : undefined;
    // Without logs.nodeJournal, Promtail has no job with this section.
    const isOff = (key: string) =>
      key.includes('.journal.') && valueAt(running, 'scrape_configs.*.journal') === undefined;
    const wrong = limits.flatMap(({ key, upstreamDefault }) => {
      if (isOff(key)) return [];
      const value = valueAt(running, key) ?? valueAt(rendered, key);
      if (value === undefined) return [`${key} does not exist`];
      const same = upstreamDefault === undefined || normal(value) === normal(upstreamDefault);
      return same ? [] : [`${key} is ${value}, not ${upstreamDefault}`];
    });
    report.equal(`${name}: of ${limits.length} listed limits, other than listed`, wrong, []);
    report.equal(`${name}: limits that are not listed`, unlisted(daemon, running), []);
  }
}

function unlisted({ name, limits }: Daemon, running: Manifest): string[] {
  const listed = new Set(limits.map(({ key }) => key));
  return (SECTIONS[name] ?? []).flatMap((section) =>
    limitPaths(valueAt(running, section))
      .filter((path) => !path.includes('.'))
      .map((path) => `${section}.${path}`)
      .filter((path) => !listed.has(path) && !NO_LIMITS[name]?.test(path)),
  );
}
