import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, PROGRAMS } from './programs';
import type { Prometheus, Sample } from './prometheus';

const HOURS = 6;
/** Nearer than the five minutes that Prometheus looks back for a value. */
const STEP_SECONDS = 120;
const COUNTER = /(_total|_count|_sum|_bucket|_spans|_seconds)$/;

/**
 * Gives a Prometheus that was just started some hours of history, so that a time range of days has more than one
 * point: each series as it is now, and each counter as if it had always grown as in the last minute.
 */
export async function addHistory(
  prometheus: Prometheus,
  folder: string,
  names: readonly string[],
): Promise<void> {
  const selector = `{__name__=~"${names.join('|')}"}`;
  const now = await prometheus.query(selector);
  const before = await prometheus.query(`${selector} offset 1m`);
  const key = ({ labels }: Sample) => JSON.stringify(Object.entries(labels).sort());
  const earlier = new Map(before.map((sample) => [key(sample), sample.value]));
  // The head of Prometheus begins where it was started; a block must not overlap with it.
  const end = Math.floor(Date.now() / 1000) - 600;
  const lines = now.flatMap((sample) => {
    const { labels, value } = sample;
    const { __name__: name = '', ...others } = labels;
    const series = `${name}{${Object.entries(others)
      .map(([label, text]) => `${label}=${JSON.stringify(text)}`)
      .join(',')}}`;
    const perSecond = COUNTER.test(name) ? (value - (earlier.get(key(sample)) ?? value)) / 60 : undefined;
    return Array.from({ length: (HOURS * 3_600) / STEP_SECONDS }, (_, index) => {
      const seconds = index * STEP_SECONDS;
      const shown = perSecond === undefined || perSecond < 0 ? value : perSecond * seconds;
      return `${series} ${shown} ${end - HOURS * 3_600 + seconds}`;
    });
  });
  const file = join(folder, 'history.txt');
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`);
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')];
  execFileSync(findProgram(PROGRAMS.promtool) ?? '', blocks, { stdio: 'pipe' });
}
