import type { PromtailSettings } from './settings';
import { forParsers, type Stage } from './stage';

// One pattern of first lines cannot serve every format, and lines that such a pattern does not know would be
// glued to the entry before. So it goes the other way round: lines that continue an entry are marked, an entry
// begins at every line without a mark, and the marks are taken away again. RE2 has no look-ahead.

/** The class of an exception at the start of a line, with its message or alone. */
const EXCEPTION_CLASSES = [
  String.raw`(?:[A-Za-z_$][\w$]*\.)*(?:[A-Z][\w$]*(?:Error|Exit|Interrupt|Warning|Throwable|Failure)|[\w$]*Exception)(?:: |:?\s*$)`,
  // Python: `socket.Error: …`
  String.raw`[A-Za-z_][\w$]*(?:\.[\w$]+)*\.Error: `,
];

/** What a line that continues an entry begins with. */
const CONTINUATIONS = [
  // Frames of Java, JavaScript, .NET and Python; wrapped text; the body of indented JSON and YAML.
  String.raw`[ \t]`,
  String.raw`[}\])]+[,;]?\s*$`,
  // Java.
  'Caused by: ',
  'Suppressed: ',
  'Wrapped by: ',
  String.raw`\.\.\. \d+ (?:more|common frames omitted)`,
  // Python.
  String.raw`Traceback \(most recent call last\):`,
  'During handling of the above exception, another exception occurred',
  'The above exception was the direct cause of the following exception',
  // PHP, and tools that number frames.
  String.raw`#\d+ `,
  '(?i:stack trace|stack backtrace):\\s*$',
  // Rust.
  'note: run with ',
  // Go: goroutines, and frames as `main.f(0x1, …)`.
  String.raw`goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[`,
  String.raw`created by [\w./*()-]+`,
  String.raw`\[signal SIG`,
  String.raw`exit status \d+\s*$`,
  String.raw`runtime stack:\s*$`,
  String.raw`[\w./*()\[\]~%@-]+\.[\w./*()\[\]~%@-]*\([^()\s"']*(?:, [^()\s"']+)*\)\s*$`,
  String.raw`panic\(\{?0x`,
  // .NET and JavaScript.
  '-{3,} End of ',
  String.raw`Node\.js v\d`,
  ...EXCEPTION_CLASSES,
];

/** Matches a line that continues the entry before it, in a container of no declared format. */
export const CONTINUATION = `^()(?:${CONTINUATIONS.join('|')})`;

/** An indented line that is an entry all the same: a JSON object of a logger. */
const INDENTED_JSON = String.raw`[ \t]+\{.*"(?:level|severity|msg|message|time|timestamp|ts|@timestamp|@t|@m)"\s*:.*\}\s*$`;

/**
 * The mark carries the time of its line. An entry that begins with a marked line, because the line before it
 * was sent long ago, would otherwise get the time of that line.
 */
const MARK = String.raw`{{ "\x01" }}{{ .time }}{{ "\x02" }}`;

/** Joins the lines of one entry, such as a stack trace. */
export function joinLines(settings: PromtailSettings['multiline']): Stage[] {
  return [
    // Blank lines continue an entry in every format; the stage `multiline` loses count at an empty one.
    { replace: { expression: String.raw`^()\s*$`, replace: MARK } },
    forParsers(
      ['auto', 'text'],
      [
        { replace: { expression: CONTINUATION, replace: MARK } },
        { replace: { expression: String.raw`^(\x01[^\x02]*\x02)${INDENTED_JSON}`, replace: '' } },
      ],
    ),
    {
      multiline: {
        firstline: String.raw`^[^\x01]`,
        max_wait_time: settings.maxWait.toString(),
        max_lines: settings.maxLines,
      },
    },
    { regex: { expression: String.raw`^\x01(?P<time>[^\x02]*)\x02` } },
    { timestamp: { source: 'time', format: 'RFC3339Nano', action_on_failure: 'skip' } },
    { replace: { expression: String.raw`(?m)^(\x01[^\x02\n]*\x02)`, replace: '' } },
    { replace: { expression: String.raw`((?:\n[ \t\r]*)+)$`, replace: '' } },
    { drop: { expression: String.raw`^\s*$`, drop_counter_reason: 'blank_line' } },
  ];
}
