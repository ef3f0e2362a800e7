import { setTimeout as sleep } from 'node:timers/promises';
import { dashboardsOf } from '../../support/dashboards';
import type { Manifest } from '../../support/render';
import { Browser } from '../browser';
import type { Grafana } from '../grafana';
import { checkOutage, checkPanels, checkViews, takePictures } from '../grafana-checks';
import { clickJumps, DASHBOARD_JUMPS, exploreJumps } from '../grafana-jumps';
import { checkNames } from '../grafana-names';
import { queryPanels } from '../grafana-queries';
import { ObservedShop } from '../observed-shop';
import type { Report } from '../report';
import type { Run, Scenario } from '../scenario';

const RANGES = ['15m', '1h', '24h', '7d'];

/** A real Grafana with the rendered Secret and dashboards, in a browser, over a shop under load. */
export const grafanaScenario: Scenario = {
  name: 'grafana',
  title: 'Grafana: the rendered datasources and dashboards in a real Grafana, looked at in a browser',
  needs: [
    'loki',
    'promtail',
    'tempo',
    'otel-collector',
    'etcd',
    'apiServer',
    'prometheus',
    'promtool',
    'grafana',
    'chromium',
  ],
  async run({ folder, objects, report, record }: Run) {
    const shop = await ObservedShop.start({ folder, objects, report });
    const stops: Array<() => unknown> = [() => shop.stop()];
    try {
      const { grafana } = shop;
      await checkStarts(grafana, objects, report);
      await shop.open();
      for (const range of RANGES) await checkQueries(grafana, objects, range, report);
      const browser = await Browser.start(grafana.url, { user: 'admin', password: grafana.password });
      stops.unshift(() => browser.stop());
      for (const range of RANGES) await checkPanels(browser, report, range);
      await checkViews(browser, report);
      if (record) await takePictures(browser);
      await clickJumps(browser, report, exploreJumps(await failedTrace(grafana)));
      await clickJumps(browser, report, DASHBOARD_JUMPS);
      const viewer = await Browser.start(grafana.url, await grafana.addUser('Viewer'));
      stops.unshift(() => viewer.stop());
      await checkViewer(viewer, report);
      await checkNames(browser, report, {
        collector: shop.address('otel-collector'),
        loki: shop.address('loki'),
      });
      await shop.loseStores();
      await sleep(15_000);
      await checkOutage(browser, report);
    } finally {
      for (const stop of stops) await stop();
    }
  },
};

/** Grafana answers every query of every panel over a range. */
async function checkQueries(
  grafana: Grafana,
  objects: readonly Manifest[],
  range: string,
  report: Report,
): Promise<void> {
  const answers = await queryPanels(grafana, objects, range);
  const failed = answers.filter(({ error }) => error !== undefined);
  report.figure(
    `queries of panels that Grafana answers, over ${range}`,
    failed.length === 0
      ? `${answers.length} of ${answers.length}`
      : failed.map(({ panel, error }) => `${panel}: ${error}`).join('; '),
    failed.length === 0,
  );
}

/** Starts Grafana, starts it again with what it had provisioned, and asks its API what there is. */
async function checkStarts(grafana: Grafana, objects: readonly Manifest[], report: Report): Promise<void> {
  report.figure('seconds of the first start', (await grafana.start()).toFixed(1));
  await grafana.stop();
  report.figure('seconds of the start with what is provisioned', (await grafana.start()).toFixed(1));
  const titles = dashboardsOf(objects).map(({ title }) => title);
  report.equal('provisioned dashboards', await foundDashboards(grafana, titles.length), titles.sort());
  const { body: datasources } = await grafana.api('/api/datasources');
  report.equal(
    'default datasource',
    datasources.filter(({ isDefault }: Manifest) => isDefault).map(({ name }: Manifest) => name),
    ['Prometheus'],
  );
  for (const uid of ['loki', 'prometheus']) {
    const { body } = await grafana.api(`/api/datasources/uid/${uid}/health`);
    report.figure(`health of the datasource ${uid}`, body.message, body.status === 'OK');
  }
  // The backend of Grafana does not implement its check of Tempo.
  const { status } = await grafana.api('/api/datasources/proxy/uid/tempo/api/status/buildinfo');
  report.equal('status of the datasource tempo', status, 200);
  const { body } = await grafana.api('/api/datasources/correlations');
  report.equal('links from log lines', body.correlations.map(({ label }: Manifest) => label).sort(), [
    'Pod CPU',
    'Pod memory',
  ]);
}

/** Titles of dashboards, which Grafana provisions after it has started to answer. */
async function foundDashboards(grafana: Grafana, expected: number): Promise<string[]> {
  let titles: string[] = [];
  for (let attempt = 0; attempt < 20 && titles.length < expected; attempt++) {
    const { body } = await grafana.api('/api/search?type=dash-db');
    titles = body.map(({ title }: Manifest) => title).sort();
    await sleep(500);
  }
  return titles;
}

/** Id of a failed trace that Tempo has. */
async function failedTrace(grafana: Grafana): Promise<string> {
  const query = new URLSearchParams({ q: '{ resource.service.name = "frontend" && status = error }' });
  const { body } = await grafana.api(`/api/datasources/proxy/uid/tempo/api/search?${query}`);
  const id = body.traces?.[0]?.traceID;
  if (id === undefined) throw new Error('Tempo has no failed trace');
  return id;
}

/** A person with the role Viewer opens traces in place, and sees no link into Explore. */
async function checkViewer(viewer: Browser, report: Report): Promise<void> {
  await clickJumps(
    viewer,
    report,
    DASHBOARD_JUMPS.map((jump) => ({ ...jump, what: `as Viewer, ${jump.what}` })),
  );
  const page = await viewer.open('/d/logs-and-traces-tempo-tracing?from=now-15m&to=now');
  const links = await page.getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  report.equal(
    'links into Explore that a Viewer sees',
    links.filter((link) => link?.startsWith('/explore')),
    [],
  );
  await page.close();
}
