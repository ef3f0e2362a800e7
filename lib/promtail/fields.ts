import { forParsers, type Stage } from './stage';

/** Names that loggers give to the level, the trace and the span, as JMESPath expressions on a JSON line. */
const JSON_NAMES = {
  level:
    'level || severity || lvl || log_level || loglevel || levelname || level_name || severity_text || severityText || ' +
    'SeverityText || "log.level" || log.level || "@l" || Level || LogLevel || logLevel',
  trace:
    'trace_id || traceId || traceID || TraceId || TraceID || traceid || otelTraceID || "trace.id" || trace.id || "@tr" || ' +
    'mdc.traceId || mdc.trace_id || contextMap.traceId || contextMap.trace_id || Properties.TraceId || span.trace_id',
  span:
    'span_id || spanId || spanID || SpanId || SpanID || spanid || otelSpanID || "span.id" || span.id || "@sp" || ' +
    'mdc.spanId || mdc.span_id || contextMap.spanId || contextMap.span_id || Properties.SpanId || span.span_id',
};

/** The same names on a logfmt line; the first that is there counts. */
const LOGFMT_NAMES = {
  level: ['level', 'lvl', 'severity', 'loglevel', 'log.level'],
  trace: ['trace_id', 'traceID', 'traceId', 'TraceID', 'traceid', 'trace.id'],
  span: ['span_id', 'spanID', 'spanId', 'SpanID', 'spanid', 'span.id'],
};

/** Words that loggers have for a level, by the word that Loki and Grafana have for it. Numbers are pino's. */
const LEVEL_WORDS = {
  trace: ['trace', 'trc', 'trce', 'verbose', 'vrb', 'finer', 'finest', '10'],
  debug: ['debug', 'dbg', 'dbug', 'fine', '20'],
  info: ['info', 'inf', 'information', 'informational', 'notice', 'note', 'i', '30'],
  warn: ['warn', 'warning', 'wrn', 'w', '40'],
  error: ['error', 'err', 'e', 'fail', 'severe', '50'],
  critical: ['critical', 'crit', 'alert', 'emerg', 'emergency'],
  fatal: ['fatal', 'ftl', 'f', 'panic', 'dpanic', '60'],
};

type Field = keyof typeof LOGFMT_NAMES;

const LOGFMT_KEY = String.raw`[A-Za-z_@][\w./@:-]*`;
const LOGFMT_VALUE = String.raw`=(?:"(?:[^"\\\n]|\\[^\n])*"|[^\s"=]*)`;

/** Names of the extracted values that may hold a field, best first: a JSON field, a logfmt field, plain text. */
function candidates(field: Field): string {
  const logfmt = LOGFMT_NAMES[field].map((_, index) => `.logfmt_${field}_${index}`);
  return [
    `.json_${field}`,
    ...logfmt,
    `.text_${field}`,
    ...(field === 'level' ? [] : [`.bracket_${field}`]),
  ].join(' ');
}

/**
 * Finds level, trace id and span id in an entry, whatever its format, and sends them as structured metadata:
 * as labels, each trace would be a stream of its own. What is absent is not sent; what is not an id neither.
 *
 * The level of plain text is left to Loki, which looks for words such as ERROR by itself.
 */
export function fieldStages(): Stage[] {
  return [
    forParsers(['auto', 'json'], jsonStages()),
    forParsers(['auto', 'logfmt'], logfmtStages()),
    forParsers(['auto', 'text'], textStages()),
    { template: { source: 'level', template: levelTemplate() } },
    { template: { source: 'found_trace', template: idTemplate('trace', ['0'.repeat(32), '0'.repeat(16)]) } },
    { template: { source: 'found_span', template: idTemplate('span', ['0'.repeat(16)]) } },
    { regex: { source: 'found_trace', expression: '^(?P<trace_id>[0-9a-f]{32}|[0-9a-f]{16})$' } },
    { regex: { source: 'found_span', expression: '^(?P<span_id>[0-9a-f]{16})$' } },
    { structured_metadata: { level: null, trace_id: null, span_id: null } },
  ];
}

/** The first line where that is an object, such as one before a stack trace, or the whole entry. */
function jsonStages(): Stage[] {
  return [
    { regex: { expression: String.raw`^\s*(?P<json>\{[^\n]*\}|\{(?s:.*)\})\s*(?:\n|$)` } },
    {
      json: {
        source: 'json',
        expressions: {
          json_level: JSON_NAMES.level,
          json_trace: JSON_NAMES.trace,
          json_span: JSON_NAMES.span,
        },
      },
    },
  ];
}

/** Only what is logfmt from the start: the stage logs an error for every other line. */
function logfmtStages(): Stage[] {
  const fields = Object.entries(LOGFMT_NAMES).flatMap(([field, names]) =>
    names.map((name, index) => [`logfmt_${field}_${index}`, name]),
  );
  const pair = `${LOGFMT_KEY}(?:${LOGFMT_VALUE})?`;
  return [
    { regex: { expression: String.raw`^(?P<logfmt>${LOGFMT_KEY}${LOGFMT_VALUE}(?:[ \t]+${pair})*)` } },
    { logfmt: { source: 'logfmt', mapping: Object.fromEntries(fields) } },
  ];
}

/** The start of an entry that is not JSON: headers of klog and .NET, `trace_id=…`, Spring's `[app,trace,span]`. */
function textStages(): Stage[] {
  const quoted = String.raw`["']?\s*[=:]\s*["']?`;
  return [
    { template: { source: 'head', template: '{{ if not .json }}{{ trunc 512 .Entry }}{{ end }}' } },
    {
      regex: {
        source: 'head',
        expression: String.raw`^(?P<text_level>[IWEF])\d{4} \d{2}:\d{2}:\d{2}\.\d+\s+\d+ `,
      },
    },
    { regex: { source: 'head', expression: '^(?P<text_level>trce|dbug|info|warn|fail|crit): ' } },
    {
      regex: {
        source: 'head',
        expression: String.raw`^[^\n]*?\b(?i:trace[._-]?id)${quoted}(?P<text_trace>[0-9a-fA-F]{32}|[0-9a-fA-F]{16})\b`,
      },
    },
    {
      regex: {
        source: 'head',
        expression: String.raw`^[^\n]*?\b(?i:span[._-]?id)${quoted}(?P<text_span>[0-9a-fA-F]{16})\b`,
      },
    },
    {
      regex: {
        source: 'head',
        expression: String.raw`^[^\n]*?\[[^\]\s,]*,(?P<bracket_trace>[0-9a-f]{32}|[0-9a-f]{16}),(?P<bracket_span>[0-9a-f]{16})[\],]`,
      },
    },
  ];
}

function levelTemplate(): string {
  const branches = Object.entries(LEVEL_WORDS).map(
    ([level, words]) => `if eq $level ${words.map((word) => `"${word}"`).join(' ')} -}}${level}{{- `,
  );
  return `{{- $level := or ${candidates('level')} "" | ToLower -}}{{- ${branches.join('else ')}end -}}`;
}

/** An id in lower case; nothing for one of zeros, which says that there is no trace. */
function idTemplate(field: 'trace' | 'span', absent: readonly string[]): string {
  const zeros = absent.map((id) => `"${id}"`).join(' ');
  return `{{- $id := or ${candidates(field)} "" | ToLower -}}{{- if not (eq $id ${zeros}) -}}{{- $id -}}{{- end -}}`;
}
