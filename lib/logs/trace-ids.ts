const HEX = '[0-9a-fA-F]';

/** Shape of a span id. */
export const SPAN_ID = `${HEX}{16}`;

/** Shapes of a trace id: 128 bits, and the 64 bits of older tracers. */
export const TRACE_ID = `${HEX}{32}|${HEX}{16}`;

/** A trace id written as a UUID, which is no id of Tempo before its dashes are removed. */
export const UUID = `${HEX}{8}(?:-${HEX}{4}){3}-${HEX}{12}`;

/** From the name of a field to its value, in logfmt, in text, in JSON, and in JSON inside a JSON string. */
const TO_VALUE = String.raw`\\?["']?\s*(?:=>|[=:>])\s*\[?\\?["']?(?:0x)?`;

/** One way in which lines hold a trace id, as expressions that RE2 and JavaScript read alike. */
export interface TraceIdForm {
  /** What stands before the id. It begins with fixed characters, which makes a search fast. */
  readonly before: string;
  /** What stands after the id when a span id follows; the group `span` is its place. */
  readonly span: string;
  /** Whether the form is an id only when a span id follows. */
  readonly needsSpan?: boolean;
}

const spanAfter = (separator: string) => String.raw`${separator}(?P<span>${SPAN_ID})\b`;

/**
 * Every form, for the agent and for Grafana. Names are matched by their last part, so that `otelTraceID`,
 * `uber-trace-id`, `X-B3-TraceId` and `mdc.traceId` need no entry of their own, at any depth of an object.
 */
export const TRACE_ID_FORMS: readonly TraceIdForm[] = [
  {
    // `trace_id=`, `"traceId":"`, `"trace":{"id":"`, W3C's `traceparent`, and the name of a trace at Google.
    before: String.raw`race(?:[ ._-]?[iI][dD]|parent)?(?:${TO_VALUE}| )(?:\{\s*\\?"id${TO_VALUE}|00-|projects/[\w.-]+/traces/)?`,
    // In the headers of Jaeger and W3C.
    span: spanAfter('[:-]'),
  },
  { before: `RACE_?ID${TO_VALUE}`, span: String.raw`[^\n]*?\bSPAN_?ID${TO_VALUE}(?P<span>${SPAN_ID})\b` },
  // Serilog's compact format.
  { before: String.raw`"@tr"\s*:\s*"`, span: String.raw`"\s*,\s*"@sp"\s*:\s*"(?P<span>${SPAN_ID})` },
  // Zipkin's header.
  { before: `b3${TO_VALUE}`, span: spanAfter('-') },
  // Spring: `[app,trace,span]`, and `[trace-span]` from 3.2 on.
  {
    before: String.raw`\[(?:[^\]\s,]*,)?`,
    span: String.raw`[,-](?P<span>${SPAN_ID})?[\],]`,
    needsSpan: true,
  },
];

/** Finds a span id by its name; not that of a parent, which stands before it where names are sorted. */
export const NAMED_SPAN_ID = String.raw`pan(?:[._-]?[iI][dD])?${TO_VALUE}(?:\{\s*\\?"id${TO_VALUE})?(?:${SPAN_ID}\\?["']?[,\s]+\\?["']?(?:otel)?[sS]pan[._-]?[iI][dD]${TO_VALUE})?(?P<span>${SPAN_ID})\b`;
