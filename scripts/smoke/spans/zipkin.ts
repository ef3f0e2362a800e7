import { post } from './http';
import { batches, microseconds, type Span, type SpanSender } from './span';

const KIND = { server: 'SERVER', client: 'CLIENT', internal: undefined };

function zipkinSpan(span: Span): object {
  const kind = span.kind ?? 'internal';
  return {
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId,
    name: span.name,
    kind: KIND[kind],
    timestamp: microseconds(span.startMs),
    duration: microseconds(span.durationMs),
    localEndpoint: { serviceName: span.service },
    tags: {
      ...span.attributes,
      // Zipkin has no kind for internal work. Receivers read it from this tag.
      ...(kind === 'internal' && { 'span.kind': kind }),
      ...(span.error && { error: 'true' }),
    },
  };
}

export const zipkin: SpanSender = async (host, spans) => {
  const url = `http://${host}:9411/api/v2/spans`;
  for (const batch of batches(spans)) {
    await post(url, 'application/json', JSON.stringify(batch.map(zipkinSpan)));
  }
};
