/** A span as Tempo gives it back. */
export interface StoredSpan {
  readonly service: string;
  readonly name: string;
  readonly spanId: string;
  readonly failed: boolean;
  /** Attributes of the span, as texts. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Attributes of the resource, as texts. */
  readonly resource: Readonly<Record<string, string>>;
}

/** The spans of a trace; none where Tempo does not know it. */
export async function readTrace(address: string, traceId: string): Promise<StoredSpan[]> {
  const response = await fetch(`http://${address}:3100/api/v2/traces/${traceId}`, {
    headers: { accept: 'application/json' },
  });
  const text = await response.text();
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`trace ${traceId}: ${response.status} ${text.slice(0, 200)}`);
  const { trace } = JSON.parse(text) as { trace?: { resourceSpans?: ResourceSpans[] } };
  return (trace?.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const ofResource = texts(resource?.attributes);
    return (scopeSpans ?? []).flatMap(({ spans }) =>
      spans.map((span) => ({
        service: ofResource['service.name'] ?? '',
        resource: ofResource,
        attributes: texts(span.attributes),
        name: span.name,
        spanId: Buffer.from(span.spanId, 'base64').toString('hex'),
        failed: span.status?.code === 'STATUS_CODE_ERROR',
      })),
    );
  });
}

/** Ids of the traces of a service, of the last hour but its last half minute, which Tempo leaves out. */
export async function searchTraces(address: string, service: string): Promise<Set<string>> {
  const now = Math.floor(Date.now() / 1000);
  const query = new URLSearchParams({
    q: `{ resource.service.name = "${service}" }`,
    start: String(now - 3_600),
    end: String(now),
    limit: '100000',
    spss: '1',
  });
  const response = await fetch(`http://${address}:3100/api/search?${query}`);
  if (!response.ok) throw new Error(`search: ${response.status} ${(await response.text()).slice(0, 200)}`);
  const { traces } = (await response.json()) as { traces?: ReadonlyArray<{ traceID: string }> };
  return new Set((traces ?? []).map(({ traceID }) => traceID.padStart(32, '0')));
}

/** Number of spans of each trace that has a service whose name begins like this, by trace id. */
export async function spansOfTraces(address: string, prefix: string): Promise<Map<string, number>> {
  const now = Math.floor(Date.now() / 1000);
  const query = new URLSearchParams({
    q: `{ resource.service.name =~ "${prefix}.*" }`,
    start: String(now - 3_600),
    end: String(now),
    limit: '100000',
    spss: '1',
  });
  const response = await fetch(`http://${address}:3100/api/search?${query}`);
  if (!response.ok) throw new Error(`search: ${response.status} ${(await response.text()).slice(0, 200)}`);
  const { traces = [] } = (await response.json()) as {
    traces?: ReadonlyArray<{ traceID: string; spanSet?: { matched?: number } }>;
  };
  return new Map(traces.map(({ traceID, spanSet }) => [traceID.padStart(32, '0'), spanSet?.matched ?? 0]));
}

function texts(attributes: readonly Attribute[] = []): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? '']));
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface ResourceSpans {
  readonly resource?: { readonly attributes?: readonly Attribute[] };
  readonly scopeSpans?: ReadonlyArray<{
    readonly spans: ReadonlyArray<{
      name: string;
      spanId: string;
      status?: { code?: string };
      attributes?: readonly Attribute[];
    }>;
  }>;
}
