import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { COLLECTOR_ALERTS } from '../../lib/collector/alerts';
import { manifest } from '../support/render';

const rule = (values: object = {}) => manifest(values, 'PrometheusRule', 'otel-collector');

/** Series that make an alert fire, and such that do not: a value a minute. */
const SERIES: Record<string, { fires: [string, string][]; quiet: [string, string][] }> = {
  TraceCollectorDown: {
    fires: [['up{job="otel-collector"}', '0x30']],
    quiet: [['up{job="otel-collector"}', '1x30']],
  },
  TraceQueueFillingUp: {
    fires: [
      ['otelcol_exporter_queue_size{pod="a"}', '80x30'],
      ['otelcol_exporter_queue_capacity{pod="a"}', '100x30'],
    ],
    quiet: [
      ['otelcol_exporter_queue_size{pod="a"}', '10x30'],
      ['otelcol_exporter_queue_capacity{pod="a"}', '100x30'],
    ],
  },
  TracesLost: {
    fires: [['otelcol_exporter_enqueue_failed_spans{pod="a"}', '0+5x30']],
    quiet: [['otelcol_exporter_enqueue_failed_spans{pod="a"}', '7x30']],
  },
  TraceCollectorRefusesSpans: {
    fires: [['otelcol_receiver_refused_spans{pod="a"}', '0+5x30']],
    quiet: [['otelcol_receiver_refused_spans{pod="a"}', '7x30']],
  },
  TraceBufferTooSmall: {
    fires: [['otelcol_processor_tail_sampling_sampling_trace_dropped_too_early{pod="a"}', '0+5x30']],
    quiet: [['otelcol_processor_tail_sampling_sampling_trace_dropped_too_early{pod="a"}', '7x30']],
  },
};

const promtool = spawnSync('promtool', ['--version']).status === 0;
if (!promtool)
  process.stderr.write(
    'NOT RUN: promtool is not on PATH (Debian package prometheus); alerts were not evaluated\n',
  );

/** What promtool says of the rules, and of one of them on a set of series. */
function evaluate(alert: string, series: readonly [string, string][], fires: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: rule().spec.groups }));
    const input_series = series.map(([name, values]) => ({ series: name, values }));
    // The number of series that ALERTS has says whether it fires; its labels are not what is tested here.
    const expr = `count(ALERTS{alertname="${alert}", alertstate="firing"}) or vector(0)`;
    const promql_expr_test = [
      { expr, eval_time: '25m', exp_samples: [{ value: fires ? 1 : 0, labels: '{}' }] },
    ];
    const tests = [{ interval: '1m', input_series, promql_expr_test }];
    writeFileSync(
      join(folder, 'test.yaml'),
      stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }),
    );
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('alerts of the collector', () => {
  test('are read by the existing Prometheus', () => {
    expect(rule().metadata.labels.release).toBe('prometheus');
    expect(rule({ monitoring: { release: 'kps' } }).metadata.labels.release).toBe('kps');
  });

  test.each(COLLECTOR_ALERTS)(
    '$alert says what to do, under a heading of its name',
    ({ alert, summary, description }) => {
      const headings = readFileSync(join('lib', 'collector', 'runbook.md'), 'utf8').match(/^## .*/gm);

      expect(headings).toContain(`## ${alert}`);
      expect(summary).toBeTruthy();
      expect(description).toBeTruthy();
    },
  );

  test('link to the runbook where it can be read', () => {
    const [first] = rule({ monitoring: { repositoryUrl: 'https://git.example.com/stack' } }).spec.groups[0]
      .rules;

    expect(first.annotations.runbook_url).toBe(
      'https://git.example.com/stack/lib/collector/runbook.md#tracecollectordown',
    );
    expect(rule().spec.groups[0].rules[0].annotations.runbook_url).toBeUndefined();
  });

  test('all have series to be tried on', () => {
    expect(Object.keys(SERIES)).toEqual(COLLECTOR_ALERTS.map(({ alert }) => alert));
  });

  (promtool ? test.each(COLLECTOR_ALERTS) : test.skip.each(COLLECTOR_ALERTS))(
    '$alert fires when it should, and is quiet when it should be',
    ({ alert }) => {
      const series = SERIES[alert];

      expect(evaluate(alert, series?.fires ?? [], true)).toBe('');
      expect(evaluate(alert, series?.quiet ?? [], false)).toBe('');
    },
  );
});
