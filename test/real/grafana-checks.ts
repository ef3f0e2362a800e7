import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { type Browser, panelOn, shownPanels, type View } from './browser';
import type { Report } from './report';

const DASHBOARDS = ['loki-logs', 'tempo-tracing', 'log-analysis', 'distributed-tracing'];
const PICTURES = 'docs/pictures';

export const address = (name: string, range: string) => `/d/logs-and-traces-${name}?from=now-${range}&to=now`;

/** Every panel of every dashboard over a range: none has failed, none is empty that should not be. */
export async function checkPanels(browser: Browser, report: Report, range: string): Promise<void> {
  for (const name of DASHBOARDS) {
    const page = await browser.open(address(name, range));
    const panels = await shownPanels(page);
    const wrong = panels.filter(({ failed, text }) => failed || /No data/.test(text));
    report.figure(
      `${name} over ${range}: panels that show something`,
      wrong.length === 0
        ? `${panels.length} of ${panels.length}`
        : wrong.map(({ title, failed }) => `${title}: ${failed ? 'failed' : 'no data'}`).join('; '),
      wrong.length === 0 && panels.length > 10,
    );
    await page.close();
  }
}

/** Other ways to look at a dashboard than the one in which its panels are checked. */
const VIEWS: readonly Required<View>[] = [
  { width: 1_280, theme: 'dark' },
  { width: 1_600, theme: 'light' },
  { width: 1_280, theme: 'light' },
];

/** In a narrow window and in both themes every panel shows something, and tables of traces their duration. */
export async function checkViews(browser: Browser, report: Report): Promise<void> {
  for (const view of VIEWS) {
    for (const name of DASHBOARDS) {
      const page = await browser.open(address(name, '1h'), view);
      const panels = await shownPanels(page);
      const wrong = panels.filter(({ failed }) => failed).map(({ title }) => `${title}: failed`);
      for (const title of name === 'tempo-tracing' ? ['Failed traces', 'Slow traces', 'Search'] : []) {
        const panel = await panelOn(page, title).boundingBox();
        const column = await panelOn(page, title).getByText('Duration').first().boundingBox();
        if (!panel || !column || column.x + column.width > panel.x + panel.width)
          wrong.push(`${title}: no duration`);
      }
      report.figure(
        `${name}, ${view.width} pixels, ${view.theme}`,
        wrong.length === 0 ? `${panels.length} panels` : wrong.join('; '),
        wrong.length === 0,
      );
      await page.close();
    }
  }
}

/** Pictures of the dashboards for the documentation; of one the upper part, for the first page. */
export async function takePictures(browser: Browser): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  for (const name of DASHBOARDS) {
    const page = await browser.open(`${address(name, '1h')}&kiosk`);
    const panels = await page.locator('section[data-testid^="data-testid Panel header"]').all();
    const boxes = await Promise.all(panels.map((panel) => panel.boundingBox()));
    await takePicture(page, name, Math.max(...boxes.map((box) => (box ? box.y + box.height : 0))));
    if (name === 'distributed-tracing') {
      const graph = await panelOn(page, 'Service graph').boundingBox();
      if (graph) await takePicture(page, 'overview', graph.y + graph.height);
    }
    await page.close();
  }
}

async function takePicture(page: Page, name: string, bottom: number): Promise<void> {
  const path = `${PICTURES}/${name}.png`;
  await page.screenshot({ path, clip: { x: 0, y: 0, width: 1_600, height: bottom + 16 } });
  // A third of the size, where it is installed; the picture looks the same.
  spawnSync('pngquant', ['--force', '--strip', '--nofs', '--output', path, '128', path]);
}

/** While Loki and Tempo are down, the first row says so, and no panel that asks them looks as if it had an answer. */
export async function checkOutage(browser: Browser, report: Report): Promise<void> {
  for (const name of DASHBOARDS) {
    const page = await browser.open(address(name, '15m'));
    const panels = await shownPanels(page);
    const health = panels.find(({ title }) => title === 'Stack health')?.text;
    report.equal(
      `${name} while Loki and Tempo are down: health`,
      health,
      'LokiDownTempoDownPromtailUpCollectorUp',
    );
    const zero = panels.filter(
      ({ title, text }) =>
        /^(Errors|Error rate|Log rate|Discarded lines)$/.test(title) &&
        /\d/.test(text) &&
        name !== 'distributed-tracing',
    );
    report.equal(
      `${name}: numbers of logs that nobody could count`,
      zero.map(({ title, text }) => `${title} ${text}`),
      [],
    );
    if (name === 'tempo-tracing') {
      const searches = panels.filter(({ title }) =>
        /^(Failed traces|Slow traces|Search|Stored spans by service)$/.test(title),
      );
      report.equal(
        'searches of traces that are marked as failed',
        searches.filter(({ failed }) => failed).length,
        4,
      );
    }
    await page.close();
  }
}
