const HEX = '[0-9a-fA-F]';

/** Format of a span id. */
export const SPAN_ID = `${HEX}{16}`;

/** Formats of a trace id: 128 bits, and 64 bits for older tracers. */
export const TRACE_ID = `${HEX}{32}|${HEX}{16}`;

/** A trace id written as a UUID. Tempo accepts it only without the dashes. */
export const UUID = `${HEX}{8}(?:-${HEX}{4}){3}-${HEX}{12}`;

/** The characters between a field name and its value: in logfmt, text, JSON, and JSON inside a JSON string. */
const TO_VALUE = String.raw`\\?["']?\s*(?:=>|[=:>])\s*\[?\\?["']?(?:0x)?`;

/** One way in which lines contain a trace id, as expressions that work the same in RE2 and JavaScript. */
export interface TraceIdForm {
  /** The text before the id. It starts with fixed characters, which makes the search fast. */
  readonly before: string;
  /** The text after the id if a span id follows. The group `span` captures the span id. */
  readonly span: string;
  /** Whether the form is a trace id only if a span id follows. */
  readonly needsSpan?: boolean;
}

const spanAfter = (separator: string) => String.raw`${separator}(?P<span>${SPAN_ID})\b`;

/**
 * Every form, for the agent and for Grafana. Names match by their last part, so `otelTraceID`, `uber-trace-id`,
 * `X-B3-TraceId` and `mdc.traceId` need no separate entries, at any depth of an object.
 */
export const TRACE_ID_FORMS: readonly TraceIdForm[] = [
  {
    // `trace_id=`, `"traceId":"`, `"trace":{"id":"`, W3C `traceparent`, and Google Cloud trace names.
    before: String.raw`race(?:[ ._-]?[iI][dD]|parent)?(?:${TO_VALUE}| )(?:\{\s*\\?"id${TO_VALUE}|00-|projects/[\w.-]+/traces/)?`,
    // In Jaeger and W3C headers.
    span: spanAfter('[:-]'),
  },
  { before: `RACE_?ID${TO_VALUE}`, span: String.raw`[^\n]*?\bSPAN_?ID${TO_VALUE}(?P<span>${SPAN_ID})\b` },
  // Serilog compact format.
  { before: String.raw`"@tr"\s*:\s*"`, span: String.raw`"\s*,\s*"@sp"\s*:\s*"(?P<span>${SPAN_ID})` },
  // Zipkin header.
  { before: `b3${TO_VALUE}`, span: spanAfter('-') },
  // Spring: `[app,trace,span]`, and `[trace-span]` since 3.2.
  {
    before: String.raw`\[(?:[^\]\s,]*,)?`,
    span: String.raw`[,-](?P<span>${SPAN_ID})?[\],]`,
    needsSpan: true,
  },
];

/** Finds a span id by its name. Skips the parent span id, which comes first if names are sorted. */
export const NAMED_SPAN_ID = String.raw`pan(?:[._-]?[iI][dD])?${TO_VALUE}(?:\{\s*\\?"id${TO_VALUE})?(?:${SPAN_ID}\\?["']?[,\s]+\\?["']?(?:otel)?[sS]pan[._-]?[iI][dD]${TO_VALUE})?(?P<span>${SPAN_ID})\b`;
