import { JUL_HEADER } from './text-levels';

// A list of first lines cannot serve every format: what it does not know would be joined to the entry before it.
// So these are lists of lines that belong to the line before or after them, and every other line is an entry.
// RE2 is several times slower once an expression has more than 500 instructions, hence more than one list.

const COLOR = String.raw`(?:\x1b\[[\d;]*m)*`;

/** What a line that continues an entry begins with, besides white space. */
const PHRASES = [
  // The end of indented JSON, and of a value over several lines; marks below a line of source; the rest of a box.
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
  // A line of source with its number, or the frame that a tool points at.
  String.raw`(?:> )?\d+ +\|`,
  '> File "',
  // Numbered frames: of PHP with a place, of debuggers with an address, of Dart with spaces. Not BuildKit's steps.
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

/** More of them. */
const MORE_PHRASES = [
  // PHP.
  String.raw`\[(?:stacktrace|previous e)`,
  String.raw`Next [\w\\]+: `,
  String.raw`PHP +\d+\. `,
  // Headings of frames.
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

/** Names of exceptions and functions that a line begins with, when it continues an entry. */
const NAMES = [
  // The class of an exception, with its message or alone. `Error: …` is an entry of its own, as programs in
  // JavaScript write it; `Error [ERR_…]: …` is not.
  String.raw`(?:(?:(?:[\w$]+\.)+[\w$]*|[A-Z][\w$]*)(?:Error|Exit|Interrupt|Warning|Throwable|Failure|NotFound|DoesNotExist)|[\w$.]*Exception)(?: \[\w+\])?(?:: |:?\s*$)`,
  String.raw`Error \[\w+\]: `,
  // Python: `docker.errors.NotFound: …`; Rails: `ActiveRecord::RecordNotFound (…):`.
  String.raw`(?:[a-z_]\w*\.)*(?:errors|exceptions|exc)\.[A-Z]\w*(?:: |\s*$)`,
  String.raw`[A-Z]\w*(?:::[A-Z]\w*)+ \([^\n]*\):\s*$`,
  // Frames of Ruby end with the name of the method; the first line of an exception goes on.
  String.raw`[a-z/.<(][^\s:]*:\d+:in ['${'`'}][^'${'`'}]*'\s*$`,
  // Frames of Go: `main.f(0x1, …)`, and `main.(*T).f` of pkg/errors.
  String.raw`[\w./*()\[\]~%@-]+\.[\w./*()\[\]~%@-]*\([^()\s"']*(?:, [^()\s"']+)*\)\s*$`,
  String.raw`[a-z][\w./~@-]*\.(?:\(\*?[\w.\[\]]+\)\.\w+|[A-Z]\w*\.\w+|\w+\.func\d)[\w.-]*\s*$`,
  String.raw`(?:main|runtime|testing|[a-z][\w-]*\.[a-z]{2,}/[\w./~@-]+)\.\w+\s*$`,
];

/** Match the start of a line that continues the entry before it. Colors hide the white space before a frame. */
export const CONTINUATIONS = [
  String.raw`(?:\x1b\[[\d;]*m)+[ \t]+[a-z~^|+]|${COLOR}(?:${[...PHRASES].sort().join('|')})`,
  `${COLOR}(?:${[...MORE_PHRASES, ...NAMES].join('|')})`,
];

/** Matches a line that the next line always completes. */
export const HEADER = `(?:${[
  // java.util.logging writes the level in its second line.
  JUL_HEADER,
  // Node: the place of an exception that nobody caught, before the line of source.
  String.raw`(?:node:[\w/]+|(?:file://)?/[^\s:]+\.[cm]?[jt]sx?):\d+`,
  // Rust: the place of a panic, before its message.
  String.raw`thread '[^\n]*' (?:\(\d+\) )?panicked at [^\n]+:\d+:\d+:`,
  // Dart and Clojure.
  'Unhandled exception:',
  String.raw`Execution error \(\w+\) at [^\n]+`,
].join('|')})`;

/** What an entry that is indented begins with: its own time, its own level, or a bullet. */
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
  // A JSON object of a logger.
  String.raw`\{.*"(?:level|severity|msg|message|time|timestamp|ts|@timestamp|@t|@m)"\s*:.*\}\s*$`,
];

/**
 * Matches the start of an indented line that is an entry all the same. No frame is indented by one space and begins with
 * a capital.
 */
export const INDENTED_ENTRY = String.raw`${COLOR}(?: [A-Z]|[ \t]+${COLOR}(?:${INDENTED.join('|')}))`;
