import { type Hop, HttpError, hop, type Mark, request, requestJson, Skipped, until } from './hop';
import { type Protocol, SENDERS } from './spans/senders';
import { oneSpan, type Span } from './spans/span';

const UDP: readonly Protocol[] = ['Jaeger Thrift compact', 'Jaeger Thrift binary'];

/** A span that every way of sampling keeps: it failed, and says that it matters. */
function keptSpan({ id }: Mark, protocol: Protocol): Span {
  return {
    ...oneSpan(id, `smoke by ${protocol}`),
    error: true,
    kind: 'server',
    attributes: { 'sampling.priority': '1' },
  };
}

/** What was sent, for the hops behind Tempo. */
export interface SentTraces {
  readonly hops: readonly Hop[];
  /** Ids of the traces that were taken. */
  readonly taken: readonly string[];
  /** Ids of those that Tempo gave back. */
  readonly found: readonly string[];
}

/** The address of a trace in Tempo. */
export const traceUrl = (base: string, traceId: string) => `${base}/api/v2/traces/${traceId}`;

/** A span by each protocol is taken, and found in Tempo. */
export async function traceHops(
  collector: string,
  tempo: string | undefined,
  mark: Mark,
  withUdp: boolean,
): Promise<SentTraces> {
  const [taken, found]: [string[], string[]] = [[], []];
  const byProtocol = (Object.keys(SENDERS) as Protocol[]).map((protocol) => {
    const span = keptSpan(mark, protocol);
    const cure = 'docs/troubleshooting.md#traces-do-not-show-up';
    return hop(`traces: ${protocol}`, cure, async () => {
      if (!withUdp && UDP.includes(protocol)) throw new Skipped('kubectl port-forward carries no UDP');
      await SENDERS[protocol](collector, [span]);
      taken.push(span.traceId);
      if (tempo === undefined) return 'taken; Tempo was not asked';
      await until(mark, () => traceIn(tempo, span), `taken, and trace ${span.traceId} is not in Tempo`);
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
  return { hops: await Promise.all([...ready, ...byProtocol]), taken, found };
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
