import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DAEMONS, type Daemon, daemonConfig, valueAt } from '../../scripts/limits';
import { limitPaths } from '../support/limit-paths';
import { manifests, settings } from '../support/render';
import { settingPaths } from '../support/setting-paths';

const OBJECTS = [
  ...manifests(settings()),
  ...manifests(settings({ logs: { agent: 'otel' }, kubernetesEvents: { enabled: true } })),
];
const ALERTS = OBJECTS.filter(({ kind }) => kind === 'PrometheusRule').flatMap(({ spec }) =>
  spec.groups.flatMap((group: { rules: { alert: string }[] }) => group.rules.map(({ alert }) => alert)),
);

const SETTINGS = settingPaths();

/** Keys that are named like limits and are none: sizes of what is written, and times at which something happens. */
const NO_LIMITS: Record<string, RegExp> = {
  loki: /retention_period|bytes_per_shard|chunk_target_size|idle_period|replay_memory_ceiling|max_size_mb|lookup_period|reject_old_samples$|truncate$|index\.period/,
  tempo: /max_block_bytes|compaction_window|finish_on_shutdown_timeout/,
  'otel-collector':
    /send_batch_size$|check_interval|min_size|flush_timeout|max_interval$|sampling_percentage|latency\.threshold_ms/,
  'otel-agent':
    /check_interval|min_size|flush_timeout|max_interval$|poll_interval|rebound_\w+_threshold_mib|cleanup_on_start/,
  'event-collector': /min_size|flush_timeout|max_interval$/,
  promtail: /truncate$|sync_period|min_period|max_period|batchwait/,
};

test('docs/limits.md has the limits of two tiers of collectors', () => {
  const tracing = { sampling: { type: 'tail', replicas: 3 } };
  const objects = manifests(settings({ tracing }));
  const page = readFileSync('docs/limits.md', 'utf8');
  const missing = ['otel-collector', 'otel-sampler'].flatMap((name) => {
    const config = daemonConfig(objects, name);
    return limitPaths(config)
      .filter((path) => !NO_LIMITS['otel-collector']?.test(path))
      .filter((path) => !page.includes(`| \`${path}\` |`));
  });
  const rows = [...page.matchAll(/^\| `(exporters\.load_balancing\S+)` \| `(\S+)` \|/gm)];
  const wrong = rows.filter(
    ([, key = '', value]) => String(valueAt(daemonConfig(objects, 'otel-collector'), key)) !== value,
  );

  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThan(3);
  expect(wrong.map(([, key]) => key)).toEqual([]);
});

describe.each(DAEMONS)('limits of $name', ({ name, limits }: Daemon) => {
  const config = daemonConfig(OBJECTS, name);

  test('are set in the configuration or state the upstream default', () => {
    const wrong = limits.filter(
      ({ key, upstreamDefault }) => (valueAt(config, key) === undefined) !== (upstreamDefault !== undefined),
    );

    expect(wrong.map(({ key }) => key)).toEqual([]);
  });

  test('have a setting, alerts or a reason', () => {
    const wrong = limits.filter(({ setting, alerts, reason }) => !setting && !alerts?.length && !reason);

    expect(wrong.map(({ key }) => key)).toEqual([]);
    expect(limits.flatMap(({ alerts = [] }) => alerts).filter((alert) => !ALERTS.includes(alert))).toEqual(
      [],
    );
    expect(
      limits.flatMap(({ setting }) => setting ?? []).filter((setting) => !SETTINGS.includes(setting)),
    ).toEqual([]);
  });

  test('are all of the limits in the configuration', () => {
    const steps = limits.map(({ key }) => key.split('.'));
    const isListed = (path: string) => {
      const names = path.split('.');
      return steps.some(
        (key) =>
          key.length === names.length && key.every((step, index) => step === '*' || step === names[index]),
      );
    };
    const missing = limitPaths(config).filter((path) => !NO_LIMITS[name]?.test(path) && !isListed(path));

    expect(missing).toEqual([]);
  });
});
