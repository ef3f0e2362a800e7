import { type Hop, HttpError, hop, type Mark, request, requestJson, Skipped, until } from './hop';
import { type Protocol, SENDERS } from './spans/senders';
import { oneSpan, type Span } from './spans/span';

const UDP: readonly Protocol[] = ['Jaeger Thrift compact', 'Jaeger Thrift binary'];

/** A span that every sampling mode keeps: it has an error and a priority. */
function sampledSpan({ id }: Mark, protocol: Protocol): Span {
  return {
    ...oneSpan(id, `smoke by ${protocol}`),
    error: true,
    kind: 'server',
    attributes: { 'sampling.priority': '1' },
  };
}

/** The sent traces, for the hops after Tempo. */
export interface SentTraces {
  readonly hops: readonly Hop[];
  /** Ids of the accepted traces. */
  readonly accepted: readonly string[];
  /** Ids of the traces found in Tempo. */
  readonly found: readonly string[];
}

/** URL of a trace in Tempo. */
export const traceUrl = (base: string, traceId: string) => `${base}/api/v2/traces/${traceId}`;

/** Checks that a span by each protocol is accepted and found in Tempo. */
export async function traceHops(
  collector: string,
  tempo: string | undefined,
  mark: Mark,
  withUdp: boolean,
): Promise<SentTraces> {
  const [accepted, found]: [string[], string[]] = [[], []];
  const byProtocol = (Object.keys(SENDERS) as Protocol[]).map((protocol) => {
    const span = sampledSpan(mark, protocol);
    const fix = 'docs/troubleshooting.md#traces-do-not-show-up';
    return hop(`traces: ${protocol}`, fix, async () => {
      if (!withUdp && UDP.includes(protocol)) throw new Skipped('kubectl port-forward does not support UDP');
      await SENDERS[protocol](collector, [span]);
      accepted.push(span.traceId);
      if (tempo === undefined) return 'accepted; Tempo was not checked';
      await until(mark, () => traceIn(tempo, span), `accepted, but trace ${span.traceId} is not in Tempo`);
      found.push(span.traceId);
      return `trace ${span.traceId} is in Tempo`;
    });
  });
  const ready =
    tempo === undefined
      ? []
      : [
          hop(
            'tempo: ready',
            'kubectl describe pod -l app=tempo: docs/troubleshooting.md#tempo-does-not-start',
            async () => (await request(`${tempo}/ready`)).trim(),
          ),
        ];
  return { hops: await Promise.all([...ready, ...byProtocol]), accepted, found };
}

async function traceIn(tempo: string, { traceId }: Span): Promise<true | undefined> {
  try {
    const answer = JSON.stringify(
      await requestJson(traceUrl(tempo, traceId), { headers: { accept: 'application/json' } }),
    );
    return answer.includes('smoke by') ? true : undefined;
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return undefined;
    throw error;
  }
}
