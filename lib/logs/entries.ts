import { JUL_HEADER } from './text-levels';

// A list of first lines cannot cover every format: an unknown first line would be joined to the entry before it.
// Therefore these lists match lines that belong to the line before or after them. Every other line starts an entry.
// RE2 is several times slower for expressions of more than 500 instructions, so the lists are split.

const COLOR = String.raw`(?:\x1b\[[\d;]*m)*`;

/** Prefixes of a line that continues an entry, besides white space. */
const PHRASES = [
  // The end of indented JSON or of a multi-line value; marks below a source line; the rest of a box.
  String.raw`["']?[}\])]+[,;]?\s*$`,
  String.raw`[~^]+\s*$`,
  String.raw`</[\w:.-]+>\s*$`,
  '[│└├╵╰]',
  // Java.
  'Caused by:',
  'Suppressed: ',
  String.raw`\.\.\. \d+ (?:more|common)`,
  // Python.
  String.raw`Traceback \(`,
  'During han',
  'The above exc',
  '(?:Current t|T)hread 0x',
  'future: <',
  String.raw`\[(?:SQL|parameters): |\(Background on`,
  // A source line with its number, or the frame that a tool points at.
  String.raw`(?:> )?\d+ +\|`,
  '> File "',
  // Numbered frames: PHP (with a location), debuggers (with an address), Dart (with spaces). Not BuildKit steps.
  String.raw`#\d+ (?:\{main\}|\[internal f|(?:/|phar:|[A-Z]:\\)[^\n]*\(\d+\)|[\w./-]+\(\d+\): | +\S|0x)`,
  String.raw`\d+\. \S[^\n]* @ 0x`,
  '<asynchronous s',
  'Called f',
  'Function: #',
  `Emitted '`,
  'Thrown at',
  // Rust and sanitizers.
  'note: (?:run with|Some d)',
  String.raw`==\d+==[AEH]`,
  '(?:READ|WRITE) of size ',
  // Go.
  String.raw`goroutine \d+ [g[]`,
  'created by ',
  String.raw`\[(?:signal SIG|originat)`,
  String.raw`exit status \d`,
  'runtime s',
  String.raw`\.\.\.(?:\d+|addit)`,
  String.raw`panic\(\{?0x`,
];

/** More prefixes. */
const MORE_PHRASES = [
  // PHP.
  String.raw`\[(?:stacktrace|previous e)`,
  String.raw`Next [\w\\]+: `,
  String.raw`PHP +\d+\. `,
  // Headings above frames.
  String.raw`(?:PHP )?[Ss]tack ?(?:back)?trace(?:back)?:\s*$`,
  String.raw`[Bb]acktrace:\s*$`,
  String.raw`CallStack \(`,
  // Elixir, Erlang, OCaml, Clojure.
  String.raw`\*\* [(A-Z{]`,
  'Last message',
  'State: ',
  'Full report at:',
  String.raw`/\S+\.edn\s*$`,
  // .NET and Node.
  '-{3,} End of ',
  String.raw`Node\.js v`,
  String.raw`\(Use .node `,
];

/** Names of exceptions and functions at the start of a line that continues an entry. */
const NAMES = [
  // An exception class, with or without a message. `Error: …` starts an entry, because JavaScript programs write
  // it; `Error [ERR_…]: …` does not.
  String.raw`(?:(?:(?:[A-Za-z_$][\w$]*\.)+[\w$]*|[A-Z][\w$]*)(?:Error|Exit|Interrupt|Warning|Throwable|Failure|NotFound|DoesNotExist)|(?:[A-Za-z_$][\w$.]*)?Exception)(?: \[\w+\])?(?:: |:?\s*$)`,
  String.raw`Error \[\w+\]: `,
  // Python: `docker.errors.NotFound: …`; Rails: `ActiveRecord::RecordNotFound (…):`.
  String.raw`(?:[a-z_]\w*\.)*(?:errors|exceptions|exc)\.[A-Z]\w*(?:: |\s*$)`,
  String.raw`[A-Z]\w*(?:::[A-Z]\w*)+ \([^\n]*\):\s*$`,
  // Ruby frames end with the method name. The first line of a Ruby exception is longer.
  String.raw`[a-z/.<(][^\s:]*:\d+:in ['${'`'}][^'${'`'}]*'\s*$`,
  // Go frames: `main.f(0x1, …)`, and `main.(*T).f` from pkg/errors.
  String.raw`[A-Za-z_./*(\[][\w./*()\[\]~%@-]*\.[\w./*()\[\]~%@-]*\([^()\s"']*(?:, [^()\s"']+)*\)\s*$`,
  String.raw`[a-z][\w./~@-]*\.(?:\(\*?[\w.\[\]]+\)\.\w+|[A-Z]\w*\.\w+|\w+\.func\d)[\w.-]*\s*$`,
  String.raw`(?:main|runtime|testing|[a-z][\w-]*\.[a-z]{2,}/[\w./~@-]+)\.\w+\s*$`,
];

/** Match the start of a line that continues the entry before it. Color codes can precede the white space of a frame. */
export const CONTINUATIONS = [
  String.raw`(?:\x1b\[[\d;]*m)+[ \t]+[a-z~^|+]|${COLOR}(?:${[...PHRASES].sort().join('|')})`,
  `${COLOR}(?:${[...MORE_PHRASES, ...NAMES].join('|')})`,
];

/** Matches a line that the next line always completes. */
export const HEADER = `(?:${[
  // java.util.logging writes the level on its second line.
  JUL_HEADER,
  // Node: the location of an uncaught exception, before the source line.
  String.raw`(?:node:[\w/]+|(?:file://)?/[^\s:]+\.[cm]?[jt]sx?):\d+`,
  // Rust: the location of a panic, before its message.
  String.raw`thread '[^\n]*' (?:\(\d+\) )?panicked at [^\n]+:\d+:\d+:`,
  // Dart and Clojure.
  'Unhandled exception:',
  String.raw`Execution error \(\w+\) at [^\n]+`,
].join('|')})`;

/** Prefixes of an indented entry: a timestamp, a level, or a bullet. */
const INDENTED = [
  String.raw`[\[<(]?\d{4}[-/.]?\d\d[-/.]?\d\d[T ,]+\d\d:?\d\d`,
  String.raw`[\[<(]?\d{1,2}:\d\d(?::\d\d\b| ?[AP]M)`,
  String.raw`[\[<(]?\d{1,2}[-/. ](?:\d\d|[A-Z][a-z]{2})[-/. ]\d{4}[ :,]+\d\d:\d\d`,
  String.raw`[\[<(]?(?:[A-Z][a-z]{2},? )?[A-Z][a-z]{2} +\d{1,2},? (?:\d{4},? )?\d{1,2}:\d\d`,
  String.raw`\d{10}(?:\.\d+|\d{3})? |\[ *\d+\.\d+s?\]`,
  String.raw`[\[<(]?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|FATAL|TRC|DBG|INF|WRN|FTL)(?:[\s\])>:|]|$)`,
  String.raw`\[(?i:trace|debug|info|notice|warn|warning|error|critical|fatal)\]`,
  String.raw`[DEFIW]\d{4} \d\d:\d\d:\d\d`,
  '(?:time|ts|level|lvl)=',
  '[*•●○◦▪■►▶▸▲△›»✓✔✗✘✖⚠ℹ➜➤⨯] ',
  // A JSON object from a logger.
  String.raw`\{.*"(?:level|severity|msg|message|time|timestamp|ts|@timestamp|@t|@m)"\s*:.*\}\s*$`,
];

/**
 * Matches the start of an indented line that is nevertheless an entry. No frame has an indent of one space
 * followed by a capital letter.
 */
export const INDENTED_ENTRY = String.raw`${COLOR}(?: [A-Z]|[ \t]+${COLOR}(?:${INDENTED.join('|')}))`;
