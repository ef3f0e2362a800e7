import { setTimeout as sleep } from 'node:timers/promises';

/** `skip`: nothing can be said, for a reason that is not a fault of this hop. */
export type HopVerdict = 'ok' | 'fail' | 'skip';

/** One step of the way of a log line or a span, and whether it was taken. */
export interface Hop {
  readonly hop: string;
  readonly verdict: HopVerdict;
  readonly seconds: number;
  /** What was seen. */
  readonly evidence: string;
  /** Where to look when it failed. */
  readonly cure: string;
}

/** Where the parts of the stack are reached; undefined where they are not to be asked. */
export interface Targets {
  readonly loki?: string;
  readonly tempo?: string;
  /** Host that takes spans, on the standard ports. */
  readonly collector?: string;
  readonly prometheus?: string;
  readonly grafana?: string;
}

/** What one run looks for; no other run has the same. */
export interface Mark {
  /** Name of the service that sends, and a word in every line. */
  readonly id: string;
  readonly startMs: number;
  /** Time by which everything has to have arrived. */
  readonly deadlineMs: number;
}

const POLL_MS = 1_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** Thrown by a step that has nothing to go by. */
export class Skipped extends Error {}

/** Takes a step: what it returns is the evidence, what it throws the reason why not. */
export async function hop(name: string, cure: string, step: () => Promise<string>): Promise<Hop> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  try {
    const evidence = await step();
    return { hop: name, verdict: 'ok', seconds: seconds(), evidence, cure: '' };
  } catch (error) {
    const verdict = error instanceof Skipped ? 'skip' : 'fail';
    return { hop: name, verdict, seconds: seconds(), evidence: (error as Error).message, cure };
  }
}

/** A hop that is not asked, and why. */
export function skipped(name: string, why: string): Hop {
  return { hop: name, verdict: 'skip', seconds: 0, evidence: why, cure: '' };
}

/** Asks until there is an answer; after the deadline throws the reason of the last time. */
export async function until<T>(
  { deadlineMs }: Mark,
  ask: () => Promise<T | undefined>,
  missing: string,
): Promise<T> {
  let why = missing;
  do {
    try {
      const found = await ask();
      if (found !== undefined) return found;
      why = missing;
    } catch (error) {
      why = (error as Error).message;
    }
    await sleep(POLL_MS);
  } while (Date.now() < deadlineMs);
  throw new Error(why);
}

/** Requests JSON; throws with the status and the beginning of the answer unless it is 2xx. */
export async function requestJson(url: string, init: RequestInit = {}): Promise<unknown> {
  const text = await request(url, init);
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Error(`${url.split('?')[0]} does not answer in JSON: ${text.slice(0, 80)}`);
  }
}

/** As {@link requestJson}, for an answer in text. */
export async function request(url: string, init: RequestInit = {}): Promise<string> {
  const address = url.split('?')[0];
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }).catch(
    (error: Error) => {
      // The message of fetch is "fetch failed"; why is in the cause.
      throw new Error(`${address}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
    },
  );
  const text = await response.text();
  if (!response.ok)
    throw new HttpError(`${address}: HTTP ${response.status} ${text.trim().slice(0, 160)}`, response.status);
  return text;
}

/** An answer that is not 2xx. */
export class HttpError extends Error {
  constructor(
    message: string,
    public readonly status: number,
  ) {
    super(message);
  }
}
