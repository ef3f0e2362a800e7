import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findProgram, PROGRAMS } from './programs';

/** Tall enough for every panel of a dashboard: Grafana draws what is in sight only. */
const HEIGHT = 4_500;

const PATIENCE_MS = 120_000;

/** A panel that waits for its answer, or for a further part of it, or that arranges a graph. */
const LOADING =
  '[aria-label="Panel loading bar"], [data-testid="panel-streaming"], :text("Computing layout")';

/** What a panel shows. */
export interface ShownPanel {
  readonly title: string;
  /** Whether Grafana marks its query as failed. */
  readonly failed: boolean;
  /** Its text. */
  readonly text: string;
}

/** How a page is looked at. */
export interface View {
  /** @default 1600 */
  readonly width?: number;
  /** @default dark */
  readonly theme?: 'dark' | 'light';
}

/** Name and password of a person in Grafana. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A browser without a window, in which a person is logged in to Grafana. */
export class Browser {
  private constructor(
    private readonly context: BrowserContext,
    private readonly url: string,
  ) {}

  public static async start(url: string, login: Login): Promise<Browser> {
    const browser = await chromium.launch({
      executablePath: findProgram(PROGRAMS.chromium),
      // There is no other user in the sandbox of this run.
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE_MS);
    const answer = await context.request.post(`${url}/login`, { data: login });
    if (!answer.ok()) throw new Error(`login of ${login.user}: ${answer.status()}`);
    return new Browser(context, url);
  }

  /** Opens a page of Grafana, and waits until nothing on it is loading. */
  public async open(path: string, { width = 1_600, theme = 'dark' }: View = {}): Promise<Page> {
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height: HEIGHT });
    const separator = path.includes('?') ? '&' : '?';
    await page.goto(`${this.url}${path}${separator}theme=${theme}`, { waitUntil: 'domcontentloaded' });
    await settled(page);
    return page;
  }

  public async stop(): Promise<void> {
    await this.context.browser()?.close();
  }
}

/** Waits until a page shows panels, and none of them has been loading for a second. */
export async function settled(page: Page): Promise<void> {
  await page.locator('[data-testid="data-testid panel content"], .explore-container').first().waitFor();
  for (let quiet = 0, tries = 0; quiet < 4 && tries < 240; tries++) {
    await page.waitForTimeout(250);
    const loading = await page.locator(LOADING).count();
    quiet = loading === 0 ? quiet + 1 : 0;
  }
}

/** Every panel of a dashboard, from the top to the bottom. */
export async function shownPanels(page: Page): Promise<ShownPanel[]> {
  return page.locator('section[data-testid^="data-testid Panel header"]').evaluateAll((panels) =>
    panels.map((panel) => ({
      title: (panel.getAttribute('data-testid') ?? '').replace('data-testid Panel header ', ''),
      failed: panel.querySelector('[data-testid="data-testid Panel status error"]') !== null,
      text: panel.querySelector('[data-testid="data-testid panel content"]')?.textContent ?? '',
    })),
  );
}

/** A panel of a dashboard on a page. */
export const panelOn = (page: Page, title: string) =>
  page.locator(`section[data-testid="data-testid Panel header ${title}"]`);

/** The text of a page, with one space between words. */
export async function textOf(page: Page): Promise<string> {
  return (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ');
}
