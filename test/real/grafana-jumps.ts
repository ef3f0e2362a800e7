import type { Page } from 'playwright-core';
import { type Browser, panelOn, settled, textOf } from './browser';
import type { Report } from './report';

/** Where a jump begins, what is clicked, and what has to be seen at its end. */
interface Jump {
  readonly what: string;
  readonly path: string;
  readonly click: (page: Page) => Promise<unknown>;
  readonly seen: RegExp;
}

/** Clicks each jump, as a person does. */
export async function clickJumps(browser: Browser, report: Report, jumps: readonly Jump[]): Promise<void> {
  for (const { what, path, click, seen } of jumps) {
    const page = await browser.open(path);
    try {
      await click(page);
      // Grafana shows the old page until the new one has begun to load.
      await page.waitForTimeout(2_000);
      await settled(page);
      // Grafana writes what is chosen into the address.
      const text = `${decodeURIComponent(page.url().replaceAll('+', ' '))} ${await textOf(page)}`;
      const found = /Query error|An unexpected error/.test(text) ? undefined : seen.exec(text)?.[0];
      report.figure(what, found ?? `not ${seen} in: ${text.slice(0, 1_000)}`, found !== undefined);
    } catch (error) {
      report.figure(what, (error as Error).message.split('\n')[0] ?? '', false);
    }
    await page.close();
  }
}

/** Address of Explore with a query in it. */
function explore(type: 'loki' | 'tempo', query: object): string {
  const queries = [{ refId: 'A', datasource: { type, uid: type }, ...query }];
  const panes = { a: { datasource: type, queries, range: { from: 'now-1h', to: 'now' } } };
  return `/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`;
}

/** Jumps of a person who may use Explore, from a line of a request and from its first span. */
export function exploreJumps(traceId: string): Jump[] {
  const line = explore('loki', { expr: `{namespace="shop", app="frontend"} |= \`${traceId}\`` });
  const span = explore('tempo', { queryType: 'traceql', query: traceId });
  const ofLine = (link: string) => async (page: Page) => {
    await page.locator('[data-testid="logRows"] tr').first().click();
    await page
      .getByRole('link', { name: link })
      .or(page.getByRole('button', { name: link }))
      .first()
      .click();
  };
  const ofSpan = (link: string) => async (page: Page) => {
    await page.locator('[data-testid="SpanLinksMenu"] button').first().click();
    await page.locator('[role="menu"]').getByText(link, { exact: true }).click();
  };
  return [
    { what: 'line to trace', path: line, click: ofLine('View trace'), seen: /\d+ spans/ },
    {
      what: 'line to CPU of its pod',
      path: line,
      click: ofLine('Pod CPU'),
      seen: /container_cpu_usage_seconds_total/,
    },
    {
      what: 'line to memory of its pod',
      path: line,
      click: ofLine('Pod memory'),
      seen: /container_memory_working_set_bytes/,
    },
    { what: 'span to its logs', path: span, click: ofSpan('Related logs'), seen: /\d+ lines? displayed/ },
    { what: 'span to the request rate', path: span, click: ofSpan('Request rate'), seen: /SPAN_KIND_SERVER/ },
    { what: 'span to the error rate', path: span, click: ofSpan('Error rate'), seen: /SPAN_KIND_SERVER/ },
    { what: 'span to the duration', path: span, click: ofSpan('Duration (p95)'), seen: /SPAN_KIND_SERVER/ },
  ];
}

const dashboard = (name: string) => `/d/logs-and-traces-${name}?from=now-15m&to=now`;

/** Jumps between dashboards, which everybody may use. */
export const DASHBOARD_JUMPS: readonly Jump[] = [
  {
    what: 'id of a failed trace to its spans',
    path: dashboard('tempo-tracing'),
    click: (page) => panelOn(page, 'Failed traces').getByRole('link').first().click(),
    seen: /\d+ spans/,
  },
  {
    what: 'service graph to the traces of a service',
    path: dashboard('distributed-tracing'),
    click: async (page) => {
      await panelOn(page, 'Service graph').locator('[aria-label^="Node: checkout"]').click();
      await page.locator('[role="menu"]').getByText('Traces of the service').click();
    },
    seen: /tempo-tracing.*var-service=checkout/,
  },
  {
    what: 'service to its traces',
    path: dashboard('distributed-tracing'),
    click: (page) => panelOn(page, 'Services').getByRole('link', { name: 'payment' }).click(),
    seen: /tempo-tracing.*var-service=payment/,
  },
  {
    what: 'operation to its traces',
    path: dashboard('distributed-tracing'),
    click: (page) =>
      panelOn(page, 'Failing and slow operations').getByRole('link', { name: 'PlaceOrder' }).click(),
    seen: /tempo-tracing.*name = `PlaceOrder`/,
  },
  {
    what: 'message to its lines',
    path: dashboard('log-analysis'),
    click: (page) =>
      panelOn(page, 'Most frequent errors').getByRole('link', { name: 'charge failed' }).click(),
    seen: /charge failed: Read timed out/,
  },
  {
    what: 'pod to its lines',
    path: dashboard('log-analysis'),
    click: (page) => panelOn(page, 'Noisiest pods').getByRole('link', { name: 'cart' }).click(),
    seen: /cart ts=/,
  },
];
