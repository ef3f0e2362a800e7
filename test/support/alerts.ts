import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Additions } from '../../lib/additions';
import type { Alert } from '../../lib/monitoring/prometheus-rule';
import { evaluate, promtool, type Series, type Situation } from './promtool';
import { type Manifest, manifest } from './render';
import { settingPaths } from './setting-paths';

type Timing = { readonly every: string; readonly at: string };
const HALF_AN_HOUR: Timing = { every: '1m', at: '30m' };

export const fires = (when: string, series: Series, timing = HALF_AN_HOUR): Situation => ({
  when: `fires: ${when}`,
  fires: true,
  series,
  ...timing,
});
export const quiet = (when: string, series: Series, timing = HALF_AN_HOUR): Situation => ({
  when: `is quiet: ${when}`,
  fires: false,
  series,
  ...timing,
});

/** A metric with the labels that Prometheus stores it with, and some of its own. */
export type Metric = (name: string, labels?: Readonly<Record<string, string>>) => string;

/** Metrics of a pod that the operator's configuration scrapes by a Service. */
export function scraped(
  job: string,
  { namespace = 'monitoring', ...others }: Readonly<Record<string, string>> = {},
): Metric {
  const target = {
    job,
    namespace,
    service: job,
    container: job,
    endpoint: 'http',
    pod: `${job}-0`,
    ...others,
  };
  return (name, labels = {}) =>
    `${name}{${Object.entries({ ...target, ...labels })
      .map(([key, value]) => `${key}="${value}"`)
      .join(',')}}`;
}

/** The alerts of one component. */
export interface AlertsUnderTest {
  /** Name of the PrometheusRule. */
  readonly name: string;
  readonly runbook: string;
  /** Values under which it has every alert. */
  readonly values?: object;
  /** What the user has added, if that has alerts too. */
  readonly additions?: Additions;
  /** What Prometheus sees while all is well: no alert at all may fire. */
  readonly healthy: Series;
  readonly situations: Readonly<Record<string, readonly Situation[]>>;
  /** Alerts that there are only under other values. */
  readonly also?: readonly ConditionalAlerts[];
}

/** Alerts that depend on values. */
export interface ConditionalAlerts {
  /** Name of their PrometheusRule. @default that of the component */
  readonly name?: string;
  readonly values: object;
  readonly situations: Readonly<Record<string, readonly Situation[]>>;
}

/** Tests of the alerts of a component, and of its runbook. */
export function describeAlerts(component: AlertsUnderTest): void {
  const { name, runbook, values = {}, additions, healthy, situations, also = [] } = component;
  const rule = (others: object = {}, of: object = values, called = name): Manifest =>
    manifest({ ...of, monitoring: others }, 'PrometheusRule', called, additions);
  const usual: readonly (Alert & Manifest)[] = rule().spec.groups[0].rules;
  const usualNames = usual.map(({ alert }) => alert);
  const conditional = also.map((one) => ({
    ...one,
    alerts: (rule({}, one.values, one.name).spec.groups[0].rules as typeof usual).filter(
      ({ alert }) => Object.hasOwn(one.situations, alert) || !usualNames.includes(alert),
    ),
  }));
  const alerts = [...usual, ...conditional.flatMap((one) => one.alerts)];
  const names = [...new Set(alerts.map(({ alert }) => alert))];

  describe(`the alerts of ${name}`, () => {
    test('are read by the existing Prometheus', () => {
      expect(rule().metadata).toMatchObject({ namespace: 'monitoring', labels: { release: 'prometheus' } });
      expect(rule({ release: 'kps' }).metadata.labels.release).toBe('kps');
    });

    test('have a severity, a summary and a description', () => {
      for (const { labels, annotations } of alerts) {
        expect(['warning', 'critical']).toContain(labels.severity);
        expect(annotations.summary).toMatch(/[^.]$/);
        expect(annotations.description).toMatch(/\.$/);
      }
    });

    test('link to the runbook in the repository', () => {
      const [first] = rule({ repositoryUrl: 'https://git.example.com/stack' }).spec.groups[0].rules;

      expect(first.annotations.runbook_url).toBe(
        `https://git.example.com/stack/${runbook}#${first.alert.toLowerCase()}`,
      );
      expect(alerts[0]?.annotations.runbook_url).toBeUndefined();
    });

    test('are declared with their full name next to their rule', () => {
      const folder = dirname(runbook);
      const sources = readdirSync(folder)
        .filter((file) => file.endsWith('alerts.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8'));

      expect(names.filter((one) => !sources.join('').includes(`alert: '${one}'`))).toEqual([]);
    });

    describeRunbook(readFileSync(runbook, 'utf8'), names);

    test('all have test series that make them fire and that do not', () => {
      expect(Object.keys(situations).sort()).toEqual([...usualNames].sort());
      for (const one of conditional)
        expect(Object.keys(one.situations).sort()).toEqual(one.alerts.map(({ alert }) => alert).sort());
      const tried = [situations, ...also.map((one) => one.situations)].flatMap((some) => Object.values(some));
      for (const some of tried)
        expect(new Set(some.map((situation) => situation.fires))).toEqual(new Set([true, false]));
    });

    const titled = (some: Readonly<Record<string, readonly Situation[]>>) =>
      Object.entries(some).flatMap(([alert, all]) =>
        all.map((situation: Situation) => ({ ...situation, alert, title: `${alert} ${situation.when}` })),
      );
    const well = { ...quiet('', healthy), alert: '.+', title: 'no alert fires while all is well' };
    const tried = [...titled(situations), well];
    const triedAlso = conditional.flatMap((one) => titled(one.situations));
    let result = { check: '', test: '' };
    beforeAll(() => {
      if (!promtool) return;
      result = evaluate({ groups: rule().spec.groups }, tried);
      for (const one of conditional) {
        const { check, test } = evaluate(
          { groups: rule({}, one.values, one.name).spec.groups },
          titled(one.situations),
        );
        result = { check: result.check + check, test: result.test + test };
      }
    });

    const evaluated = promtool ? test : test.skip;
    evaluated('are rules that Prometheus reads', () => expect(result.check).toBe(''));
    evaluated.each([...tried, ...triedAlso])('$title', ({ title }) => {
      const failures = result.test.split(/(?=expr: )/);
      // A failure that belongs to no situation is one of promtool itself, and everybody's.
      const own = result.test.includes('situation!=')
        ? failures.filter((one) => one.includes(title))
        : failures;
      expect(own.join('')).toBe('');
    });
  });
}

/** A heading for each alert and none else; commands; and settings that exist. */
function describeRunbook(text: string, names: readonly string[]): void {
  const sections = text.split(/^## /m).slice(1);
  const headings = sections.map((section) => section.split('\n')[0]);

  test('match the headings of the runbook', () => {
    expect(headings).toEqual(names);
  });

  test('have commands and a fix in the runbook', () => {
    const settings = settingPaths();
    const isSetting = (word: string) => settings.some((path) => path === word || path.startsWith(`${word}.`));
    const roots = new Set(settings.map((path) => path.split('.')[0]));
    const named = [...text.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)+)[`:]/g)].map(([, word = '']) => word);

    expect(sections.filter((section) => !section.includes('```sh\n'))).toEqual([]);
    expect(named.filter((word) => roots.has(word.split('.')[0] ?? '') && !isSetting(word))).toEqual([]);
    expect(named.some(isSetting)).toBe(true);
  });
}
