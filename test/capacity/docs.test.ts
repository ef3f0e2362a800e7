import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  COLLECTOR,
  FILL,
  FIRST_TIER,
  HEADROOM,
  LIVE,
  LOKI,
  PEAK,
  TEMPO,
  TEMPO_AWAY_SECONDS,
} from '../../lib/capacity/measured';
import { REFUSES_AT_PERCENT } from '../../lib/loki/config';
import { stackSettings } from '../../lib/settings';
import { LIVE_TRACES_PART } from '../../lib/tempo/settings';
import { parseValues } from '../../lib/values/read-values';

const PAGE = readFileSync('docs/capacity.md', 'utf8');

test('docs/capacity.md shows the errors of its example', () => {
  const [, values = '', , mistakes = ''] = PAGE.split(/```(?:yaml)?\n/);

  expect(() => parseValues('values/default.yaml', values, stackSettings)).toThrow(mistakes.trim());
});

const KIB = 2 ** 10;
const formulae: Record<string, string> = {
  chunks: `the greater of lines × ${LOKI.diskRatio} × days, and streams × ${24 / LOKI.chunkHours} × days × ${LOKI.chunkFileBytes / KIB} KiB; days = retention + ${LOKI.deletionLagHours} hours`,
  'write-ahead log': `lines of ${LOKI.walMinutes} minutes at peak load × ${LOKI.entryRatio}, plus twice the data in memory`,
  '`loki.storage.size`': `the sum of both, at ${FILL * 100}% usage`,
  'uncompressed in memory': `the lesser of the lines of ${LOKI.chunkHours} hours, and streams × ${LOKI.blockBytes / KIB} KiB`,
  'compressed in memory': `the lesser of the lines of ${LOKI.chunkHours} hours × ${LOKI.diskRatio}, and streams × ${LOKI.chunkBytes / KIB ** 2} MiB`,
  'live heap': `${LOKI.idleBytes / KIB ** 2} MiB + streams × ${LOKI.streamBytes / KIB} KiB (${LOKI.patternStreamBytes / KIB} KiB with \`loki.patterns: true\`) + uncompressed × ${LOKI.blockRatio} + compressed`,
  '`loki.limits.ingestionRate`': `the greater of nodes × ${LOKI.agentBytes.promtail / KIB ** 2} MiB (${LOKI.agentBytes.otel / KIB ** 2} MiB with \`logs.agent: otel\`), and lines per second × ${PEAK} × ${LOKI.entryRatio}`,
  '`tempo.storage.size`': `sampled × size × ${TEMPO.diskRatio} × (retention + \`compactedBlockRetention\` + ${TEMPO.extraHours} hours), at ${FILL * 100}% usage`,
  '`tempo.limits.ingestionRate`': `sampled × size × ${PEAK}`,
  '`tempo.limits.maxLiveTraces`': `sampled × ${PEAK} × ${TEMPO.spanSeconds} seconds`,
  '`tempo.resources.memoryLimit`': `sampled × size × ${PEAK} × ${TEMPO.traceSeconds} seconds × ${1 / LIVE_TRACES_PART}`,
  '`tracing.queue.size`': `sampled × size × ${PEAK} × ${TEMPO_AWAY_SECONDS / 60} minutes, while Tempo restarts`,
  '`tracing.resources.memoryLimit`': `${COLLECTOR.idleBytes / KIB ** 2} MiB + \`decisionWait\` × \`expectedSpansPerSecond\` × (${COLLECTOR.spanBytes / KIB} KiB + size × ${COLLECTOR.contentRatio}) + \`tracing.queue.size\` × ${COLLECTOR.queueRatio}, if that is in memory`,
  '`tracing.sampling.replicas`': `1 up to ${(COLLECTOR.spansPerSecond / PEAK).toLocaleString('en')} spans per second; beyond, one for each ${COLLECTOR.spansPerSecond.toLocaleString('en')} at peak load, and one more`,
  '`tracing.firstTier.replicas`': `one for each ${FIRST_TIER.spansPerSecond.toLocaleString('en')} spans per second at peak load, at least 2`,
  '`tracing.firstTier.queueSize`': `\`capacity.spansPerSecond\` × size × ${PEAK} × ${FIRST_TIER.waitSeconds} seconds / replicas`,
  '`tracing.firstTier.resources.memoryLimit`': `${COLLECTOR.idleBytes / KIB ** 2} MiB + \`queueSize\` × ${COLLECTOR.queueRatio}`,
  '`tracing.sampling.expectedSpansPerSecond`': `\`capacity.spansPerSecond\` × ${PEAK}`,
};

test.each(Object.entries(formulae))(
  'docs/capacity.md has the formula of %s as it is in the code',
  (what, formula) => {
    expect(PAGE).toContain(`| ${what} | ${formula} |`);
  },
);

test('docs/capacity.md states half of a memory limit and 25% more streams, as the code does', () => {
  expect([LIVE, HEADROOM]).toEqual([0.5, 1.25]);
  expect(PAGE).toContain('half of a memory limit is for garbage, caches and queries');
  expect(PAGE).toContain('the limit must be 25% higher than that instead');
});

test('docs/capacity.md keeps the volume of Loki below the usage at which Loki rejects every line', () => {
  expect(FILL * 100).toBeLessThan(REFUSES_AT_PERCENT);
  expect(PAGE).toContain(`Loki rejects every line at ${REFUSES_AT_PERCENT}%`);
});
