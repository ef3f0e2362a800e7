import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { Duration } from '../../lib/kubernetes/duration';
import { type Manifest, manifests, settings } from '../support/render';

/** Grafana's assumption about a datasource of kube-prometheus-stack. */
const DATASOURCE_SECONDS = 30;

function rendered(scrapeInterval: string) {
  const objects = manifests(
    settings({ monitoring: { scrapeInterval }, grafana: { exemplars: { enabled: true } } }),
  );
  const dashboards = objects
    .filter(({ metadata }) => metadata.name.startsWith('grafana-dashboard-'))
    .map(({ data }) => JSON.parse(Object.values<string>(data)[0] ?? ''));
  const targets: Manifest[] = dashboards
    .flatMap(({ panels }) => panels.flatMap((panel: Manifest) => panel.targets ?? []))
    .filter(({ datasource }: Manifest) => datasource.type === 'prometheus');
  const secret = objects.find(({ metadata }) => metadata.name === 'grafana-datasources-logs-and-traces');
  const datasources: Manifest[] = parse(Object.values<string>(secret.stringData)[0] ?? '').datasources;
  return { targets, datasource: (type: string) => datasources.find((one) => one.type === type).jsonData };
}

/**
 * Seconds of `$__rate_interval` at the highest resolution.
 *
 * @see https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
 */
function rateInterval(interval: string | undefined): number {
  return 4 * (interval === undefined ? DATASOURCE_SECONDS : (Duration.parse(interval)?.seconds ?? 0));
}

describe.each(['5s', '30s', '45s', '1m', '90s', '2m'])('with a sample each %s', (scrapeInterval) => {
  const { targets, datasource } = rendered(scrapeInterval);
  const seconds = Duration.parse(scrapeInterval)?.seconds ?? 0;

  test('every rate of a panel covers at least two samples', () => {
    const rates = targets.filter(({ expr }) => expr.includes('$__rate_interval'));

    expect(rates.length).toBeGreaterThan(10);
    for (const { expr, interval } of rates)
      expect([expr, rateInterval(interval) >= 2 * seconds]).toEqual([expr, true]);
  });

  test('a link from a span to metrics covers two samples, and the exemplar datasource has the interval', () => {
    for (const { query } of datasource('tempo').tracesToMetrics.queries) {
      // A dollar is escaped in the file.
      for (const [, range = ''] of query.replaceAll('$$', '$').matchAll(/\[([^\]]+)\]/g)) {
        const looked =
          range === '$__rate_interval' ? rateInterval(undefined) : Duration.parse(range)?.seconds;
        expect(looked).toBeGreaterThanOrEqual(2 * seconds);
      }
    }
    expect(Duration.parse(datasource('prometheus').timeInterval)?.seconds).toBe(seconds);
  });
});
