import { setTimeout as sleep } from 'node:timers/promises';

/** `skip`: the hop cannot be checked, for a reason that is not a failure. */
export type HopVerdict = 'ok' | 'fail' | 'skip';

/** One step of a log line or a span on its path, and the result. */
export interface Hop {
  readonly hop: string;
  readonly verdict: HopVerdict;
  readonly seconds: number;
  /** What was observed. */
  readonly observed: string;
  /** Where to look after a failure. */
  readonly fix: string;
}

/** Addresses of the parts of the stack; undefined for parts that are not checked. */
export interface Targets {
  readonly loki?: string;
  readonly tempo?: string;
  /** Host that receives spans on the standard ports. */
  readonly collector?: string;
  readonly prometheus?: string;
  readonly grafana?: string;
}

/** Identifies one run. */
export interface Mark {
  /** Name of the sending service. Every log line contains it. */
  readonly id: string;
  readonly startMs: number;
  /** Time by which everything must have arrived. */
  readonly deadlineMs: number;
}

const POLL_MS = 1_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** Thrown by a step that cannot be checked. */
export class Skipped extends Error {}

/** Runs a step. Its return value is the observation, and its error is the reason for a failure. */
export async function hop(name: string, fix: string, step: () => Promise<string>): Promise<Hop> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  try {
    const observed = await step();
    return { hop: name, verdict: 'ok', seconds: seconds(), observed, fix: '' };
  } catch (error) {
    const verdict = error instanceof Skipped ? 'skip' : 'fail';
    return { hop: name, verdict, seconds: seconds(), observed: (error as Error).message, fix };
  }
}

/** A hop that is not checked, with the reason. */
export function skipped(name: string, why: string): Hop {
  return { hop: name, verdict: 'skip', seconds: 0, observed: why, fix: '' };
}

/** Queries until there is a result. Throws the last reason after the deadline. */
export async function until<T>(
  { deadlineMs }: Mark,
  query: () => Promise<T | undefined>,
  missing: string,
): Promise<T> {
  let why = missing;
  do {
    try {
      const found = await query();
      if (found !== undefined) return found;
      why = missing;
    } catch (error) {
      why = (error as Error).message;
    }
    await sleep(Math.min(POLL_MS, Math.max(0, deadlineMs - Date.now())));
  } while (Date.now() < deadlineMs);
  throw new Error(why);
}

/** Requests JSON. Throws the status and the beginning of the response unless the status is 2xx. */
export async function requestJson(url: string, init: RequestInit = {}): Promise<unknown> {
  const text = await request(url, init);
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Error(`${url.split('?')[0]} does not respond with JSON: ${text.slice(0, 80)}`);
  }
}

/** Tenants of a store that requires one in each request. */
export interface StoreTenants {
  /** Those that queries are for. */
  readonly read: string;
  /** The one that data is sent to. */
  readonly write: string;
}

const tenantsByUrl = new Map<string, StoreTenants>();

/** States the tenants of all further requests to a store. */
export function useTenants(url: string, tenants: StoreTenants): void {
  tenantsByUrl.set(url, tenants);
}

function tenantHeader(url: string, { method }: RequestInit): Record<string, string> {
  const [, tenants] = [...tenantsByUrl].find(([base]) => url.startsWith(`${base}/`)) ?? [];
  if (tenants === undefined) return {};
  return { 'x-scope-orgid': method === 'POST' ? tenants.write : tenants.read };
}

/** As {@link requestJson}, for a plain-text response. */
export async function request(url: string, init: RequestInit = {}): Promise<string> {
  const address = url.split('?')[0];
  const headers = { ...(init.headers as Record<string, string> | undefined), ...tenantHeader(url, init) };
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(url, { ...init, headers, signal }).catch((error: Error) => {
    // The message of fetch is "fetch failed"; the cause contains the reason.
    throw new Error(`${address}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  const text = await response.text();
  if (!response.ok)
    throw new HttpError(`${address}: HTTP ${response.status} ${text.trim().slice(0, 160)}`, response.status);
  return text;
}

/** A response with a status other than 2xx. */
export class HttpError extends Error {
  constructor(
    message: string,
    public readonly status: number,
  ) {
    super(message);
  }
}
