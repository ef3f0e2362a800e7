import { anyOf, CAPITAL_WORDS, LABEL_WORDS, STRONG_WORDS, wordsOf } from './levels';

const COLOR = String.raw`\x1b[^m\n]*m`;

/** The first of the two lines that java.util.logging writes; the second begins with the level. */
export const JUL_HEADER = String.raw`(?:[A-Z][a-z]{2}\.? \d{1,2}|\d{1,2}\.? [A-Z][a-z]{2,8}\.?),? \d{4},? \d{1,2}:\d\d:\d\d(?:[ \x{a0}\x{202f}][AP]M)? [\w.$]+ [\w$<>]+`;

const TIME = String.raw`[\[(]?\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d`;

/** Formats that have a place for the level, where it is a letter, a mark, or stands elsewhere than in the head. */
const PLACES = [
  // syslog and systemd.
  String.raw`<(?P<priority>\d{1,3})>`,
  // klog, glog and CockroachDB, Ruby, apt; Jupyter.
  String.raw`(?P<word1>[DEFIW])(?:\d{4,8} \d\d:|, \[|: | \d{4}-)`,
  String.raw`\[(?P<word2>[CDEIW]) \d`,
  // A letter after a time: MongoDB, Android, Rook, Telegraf.
  String.raw`(?:\d{4}[-/])?\d\d[-/]\d\d[T ]\d\d:\d\d:[\d.+Z]+(?: +\d+){0,2} (?P<word3>[CDEFITVW])(?:! | \| | +[A-Z\[])`,
  String.raw`(?P<word4>[DEIVW])/[\w.-]+(?: *\(|: )`,
  // Redis, PostgreSQL as CSV, java.util.logging.
  String.raw`\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ (?P<word5>[.*#-]) `,
  String.raw`\d{4}-\d\d-\d\d [\d:.]+ \w+,[^\n]*?,(?P<word6>[A-Z]+)\d?,[0-9A-Z]{5},`,
  String.raw`${JUL_HEADER}\n(?P<word7>[A-Z]+): `,
  // A time, and then the level: of Jetty after a colon, of MySQL in brackets, of Swift and Istio in lower case.
  [
    String.raw`${TIME}(?:[^\s|]*?:(?P<word16>[A-Z]{4,8}):`,
    String.raw`|[^\s|]* \d+ \[(?P<word13>Note|System)\]`,
    String.raw`|[^\s|]*(?: ?[+-]\d\d:?\d\d)? (?P<word14>(?i:info|notice|warn(?:ing)?|err(?:or)?|debug|trace|fatal|critical)) )`,
  ].join(''),
  // Erlang, sanitizers, npm.
  String.raw`=+\s*(?:=*\d+=+)?(?P<word8>[A-Z]+)(?: REPORT=|: )`,
  String.raw`npm (?P<word9>\w+)`,
  // Warnings of Python and Node.
  String.raw`(?:[^\s"{]+:\d+: |\(node:\d+\) )(?:\[\w+\] )?[A-Z]\w*(?P<word10>Warning): `,
].join('|');

/** Finds the level where a format has a place for it, which is the group `place`. */
export const IN_PLACE = `(?P<place>${PLACES})`;

/** After the name of an error, that there is none: `: none`, `: ""`, `: <nil>`. */
const NOTHING = String.raw`: *["'([{<]*(?:(?i:0|nil|null|none|false|undefined|ok)\b|["'\])}>])`;

/** Lines whose words say no level: `error: none`; an access log, where they are those of visitors; klog after its letter. */
const DECIDED = String.raw`(?i:err|error)${NOTHING}|[\w.:-]+ \S+ \S+ \[\d[^\]\n]*\] "|[A-Z]\d{4,8} \d\d:`;

/**
 * Finds the text of other lines, the group `text`: the first line, below that of a frame drawn around it. Where logfmt
 * begins, it is the first name.
 */
export const FIRST_LINE = String.raw`${DECIDED}|(?:[^\w\n{]*\n)?(?P<text>[ \t]*[^\s={"](?:[^\s="]*=[^\s"]*[ \t]+[^\s="]+[ \t][^\n]*|[^\s=]*(?:[ \t][^\n]*)?))`;

/** Between the parts of a head. */
const GAP = String.raw`(?:[ \t|[<]|${COLOR})`;
/** A part has a mark or a digit: a time, a number, the name of a logger, the end of brackets. */
const PART = String.raw`(?:(?:[A-Za-z]*[^\sA-Za-z|"[<{\x1b]|[A-Za-z]+\[)[^\s|"[<{\x1b]*(?: (?:[AP]M|UTC|GMT))?|\{[^\s{}"]*\})`;
/** Parts, with words between them, but never two words side by side as in a sentence. */
const HEAD = String.raw`(?:${PART}|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2},? +\d+)(?:${GAP}+(?:[A-Za-z]+${GAP}+)??${PART})*?(?:${GAP}+[A-Za-z]+)??${GAP}+`;

const ANY = `(?i:${anyOf(wordsOf(STRONG_WORDS, LABEL_WORDS))})`;
const CAPITALS = anyOf(wordsOf(STRONG_WORDS, CAPITAL_WORDS).map((word) => word.toUpperCase()));

/** What follows a level that is not in capitals: a bracket or a colon, or what sets it apart from a sentence. */
const SET_APART = String.raw`(?: |${COLOR})*[\])>|}]|(?:${COLOR})*:(?:[\s\x1b]|$)|[\t\x1b]|  |[\[(]\w+[\])]: `;

/**
 * Finds the level in the head of a line: in capitals, in brackets, before a colon. Without one, `rest` is the line up to
 * a quote.
 */
export const IN_HEAD = [
  String.raw`${GAP}*(?:(?:PHP|[A-Za-z]+ *[[<]) *|${HEAD})??(?:[a-z][\w-]*[.:])?`,
  String.raw`(?:\(?(?P<word11>${CAPITALS})(?:[\s:\])}>|/,!\x1b[(-]|$)|(?P<word12>${ANY})(?:${SET_APART}))`,
  '|(?P<rest>[^"]+)',
].join('');

/** The start of an exception that nobody caught, or that is printed without a logger. */
const RAISED = `(?P<raised>${[
  'Exception in thread',
  String.raw`Traceback \(`,
  String.raw`\[?[Uu]n(?:handled|caught)`,
  "thread '",
  String.raw`\*\* \(\w`,
  'terminate called',
  String.raw`(?:[\w$]+(?:\.|::|\\))*\w*(?:Error|Exception)(?: \[\w+\])?(?:: |:?\s*$)`,
  String.raw`\S+:\d+:in `,
  String.raw`(?:node:[\w/]+|\S+\.[cm]?[jt]sx?):\d+\s*$`,
].join('|')})`;

/** What says that there was none: `no error`, `error: none`, and `error=…`, the name of a field; or only names errors. */
const NO_ERROR = [
  '(?i:no|without|zero|0|any) +(?i:errors?|fatal|critical)',
  String.raw`(?i:err|errors?|fatal|critical)(?:\(s\))? *(?:=|${NOTHING})`,
  '(?i:error) +(?i:budget|count|free|handl|log|page|rate|report|template|threshold)',
].join('|');

/**
 * Finds out whether other text tells of an error: it begins as an exception does, which is the group `raised`, or a
 * sentence says so. No other level is taken from a sentence.
 */
export const IN_TEXT = String.raw`${RAISED}|(?:[^\n"]*?[\s(,;:{])??(?:${NO_ERROR}|(?P<word15>(?i:error|fatal|critical))(?:[\s:,!;)]|\.?(?:\s|$)))`;
