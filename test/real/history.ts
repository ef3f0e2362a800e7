import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, PROGRAMS } from './programs';
import type { Prometheus, Sample } from './prometheus';
import { busy, inIncident, steps, WEEK_MS } from './week';

const COUNTER = /(_total|_count|_sum|_bucket|_spans|_seconds)$/;

/** Seconds over which the present rate of a counter is measured. */
const MEASURED_SECONDS = 120;

/** Nearer than the five minutes for which Prometheus looks back for a value; counters are read over longer times. */
const GAUGE_STEPS = { week: 240, day: 240, hour: 60 };
const COUNTER_STEPS = { week: 1_200, day: 240, hour: 15 };

/** In an incident requests take so many times as long, and so many more of them fail. */
const SLOWER = 2.2;
const FAILING = 12;

/**
 * Gives a Prometheus that was just started a week of history, so that every time range has points: each series as it
 * is now, and each counter as if it had grown all the time as it does now, with days and nights and some incidents.
 */
export async function addHistory(
  prometheus: Prometheus,
  folder: string,
  names: readonly string[],
): Promise<void> {
  const selector = `{__name__=~"${names.join('|')}"}`;
  const now = (await prometheus.query(selector)).filter(
    ({ labels, value }) => value !== 0 || !COUNTER.test(labels['__name__'] ?? ''),
  );
  const before = await prometheus.query(`${selector} offset ${MEASURED_SECONDS}s`);
  const earlier = new Map(before.map((sample) => [key(sample.labels), sample.value]));
  const counted = now.map((sample) => ({
    ...sample,
    perSecond: (sample.value - (earlier.get(key(sample.labels)) ?? 0)) / MEASURED_SECONDS,
  }));
  // A block must not overlap with what Prometheus has scraped.
  const endMs = (await prometheus.oldestMs()) - 5_000;
  const file = join(folder, 'history.txt');
  writeFileSync(file, '');
  for (const family of families(counted))
    appendFileSync(file, family.flatMap((one) => linesOf(one, family, endMs)).join(''));
  appendFileSync(file, '# EOF\n');
  const limit = `--max-block-duration=${Math.ceil((2 * WEEK_MS) / 3_600_000)}h`;
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', limit, file, join(folder, 'data')];
  execFileSync(findProgram(PROGRAMS.promtool) ?? '', blocks, { stdio: 'pipe' });
}

interface Counted extends Sample {
  readonly perSecond: number;
}

const key = (labels: Sample['labels']) => JSON.stringify(Object.entries(labels).sort());

/** Series by what they are of; the buckets of a histogram are together, in the order of their bounds. */
function families(series: readonly Counted[]): Counted[][] {
  const groups = new Map<string, Counted[]>();
  for (const one of series) {
    const { le: _, ...others } = one.labels;
    groups.set(key(others), [...(groups.get(key(others)) ?? []), one]);
  }
  return [...groups.values()].map((group) => group.sort((a, b) => bound(a) - bound(b)));
}

const bound = ({ labels: { le } }: Sample) => (le === undefined || le === '+Inf' ? Infinity : Number(le));

function linesOf(sample: Counted, family: readonly Counted[], endMs: number): string[] {
  const { __name__: name = '', ...labels } = sample.labels;
  const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const isCounter = COUNTER.test(name) && sample.perSecond >= 0;
  const course = isCounter ? counterCourse(sample, family, endMs) : gaugeCourse(sample);
  return [...course].map(
    ([agoMs, value]) => `${name}{${text.join(',')}} ${value} ${((endMs - agoMs) / 1_000).toFixed(3)}\n`,
  );
}

type Point = readonly [agoMs: number, value: number];

/** Volumes fill up; everything else stays as it is. */
function* gaugeCourse({ labels, value }: Sample): Generator<Point> {
  const fills = labels['__name__']?.includes('used_bytes');
  for (const agoMs of steps(GAUGE_STEPS))
    yield [agoMs, fills ? value * (1 - (0.4 * agoMs) / WEEK_MS) : value];
}

function* counterCourse(sample: Counted, family: readonly Counted[], endMs: number): Generator<Point> {
  const { __name__: name = '', service, status_code: status } = sample.labels;
  const ofPayment = /^(payment|checkout|frontend)$/.test(service ?? '');
  const fails = status === 'STATUS_CODE_ERROR' && ofPayment;
  const slowed = slowedRate(sample, family);
  const slowedBy = name.endsWith('_sum') ? SLOWER : 1;
  let total = 0;
  let last = WEEK_MS;
  for (const agoMs of steps(COUNTER_STEPS)) {
    const trouble = ofPayment && inIncident(agoMs);
    const rate = trouble ? (sample.labels['le'] ? slowed : sample.perSecond * slowedBy) : sample.perSecond;
    total += ((last - agoMs) / 1_000) * rate * busy(agoMs, endMs) * (fails && trouble ? FAILING : 1);
    last = agoMs;
    yield [agoMs, total];
  }
}

/** What a bucket would grow by if everything took longer: as many as are now in the bucket of a shorter time. */
function slowedRate(sample: Counted, family: readonly Counted[]): number {
  const limit = bound(sample) / SLOWER;
  if (limit === Infinity) return sample.perSecond;
  const above = family.findIndex((one) => bound(one) >= limit);
  const [lower, upper] = [family[above - 1], family[above]];
  if (!upper) return sample.perSecond;
  const [from, until] = [lower ? bound(lower) : 0, bound(upper)];
  const part = until === Infinity ? 0 : (limit - from) / (until - from);
  const least = lower?.perSecond ?? 0;
  return least + part * (upper.perSecond - least);
}
