/** A span as Tempo gives it back. */
export interface StoredSpan {
  readonly service: string;
  readonly name: string;
  readonly spanId: string;
  readonly failed: boolean;
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
    const service = resource?.attributes?.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return (scopeSpans ?? []).flatMap(({ spans }) =>
      spans.map((span) => ({
        service,
        name: span.name,
        spanId: Buffer.from(span.spanId, 'base64').toString('hex'),
        failed: span.status?.code === 'STATUS_CODE_ERROR',
      })),
    );
  });
}

interface ResourceSpans {
  readonly resource?: {
    readonly attributes?: ReadonlyArray<{ key: string; value: { stringValue?: string } }>;
  };
  readonly scopeSpans?: ReadonlyArray<{
    readonly spans: ReadonlyArray<{ name: string; spanId: string; status?: { code?: string } }>;
  }>;
}
