import { anyOf, CAPITAL_WORDS, LABEL_WORDS, STRONG_WORDS, wordsOf } from './levels';

const COLOR = String.raw`\x1b[^m\n]*m`;

/** The first of the two lines of a java.util.logging entry. The second line starts with the level. */
export const JUL_HEADER = String.raw`(?:[A-Z][a-z]{2}\.? \d{1,2}|\d{1,2}\.? [A-Z][a-z]{2,8}\.?),? \d{4},? \d{1,2}:\d\d:\d\d(?:[ \x{a0}\x{202f}][AP]M)? [\w.$]+ [\w$<>]+`;

const TIME = String.raw`[\[(]?\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d`;

/** Formats with a fixed place for the level, where it is a letter, a mark, or outside the head of the line. */
const PLACES = [
  // syslog and systemd.
  String.raw`<(?P<priority>\d{1,3})>`,
  // klog, glog and CockroachDB, Ruby, apt; Jupyter.
  String.raw`(?P<word1>[DEFIW])(?:\d{4,8} \d\d:|, \[|: | \d{4}-)`,
  String.raw`\[(?P<word2>[CDEIW]) \d`,
  // A letter after a timestamp: MongoDB, Android, Rook, Telegraf.
  String.raw`(?:\d{4}[-/])?\d\d[-/]\d\d[T ]\d\d:\d\d:[\d.+Z]+(?: +\d+){0,2} (?P<word3>[CDEFITVW])(?:! | \| | +[A-Z\[])`,
  String.raw`(?P<word4>[DEIVW])/[\w.-]+(?: *\(|: )`,
  // Redis, PostgreSQL as CSV, java.util.logging.
  String.raw`\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ (?P<word5>[.*#-]) `,
  String.raw`\d{4}-\d\d-\d\d [\d:.]+ \w+,[^\n]*?,(?P<word6>[A-Z]+)\d?,[0-9A-Z]{5},`,
  String.raw`${JUL_HEADER}\n(?P<word7>[A-Z]+): `,
  // Erlang, sanitizers, npm.
  String.raw`=+\s*(?:=*\d+=+)?(?P<word8>[A-Z]+)(?: REPORT=|: )`,
  String.raw`npm (?P<word9>\w+)`,
  // Python and Node warnings.
  String.raw`(?:[^\s"{\d][^\s"{]*:\d+: |\(node:\d+\) )(?:\[\w+\] )?[A-Z]\w*(?P<word10>Warning): `,
].join('|');

/** Finds the level in formats with a fixed place for it, as the group `place`. */
export const IN_PLACE = `(?P<place>${PLACES})`;

/** An empty value after the name of an error: `: none`, `: ""`, `: <nil>`. */
const NOTHING = String.raw`: *["'([{<]*(?:(?i:0|nil|null|none|false|undefined|ok)\b|["'\])}>])`;

/** Lines whose words are not levels: `error: none`; access logs, which contain user input; klog after its letter. */
const DECIDED = String.raw`(?i:err|error)${NOTHING}|[\w.:-]+ \S+ \S+ \[\d[^\]\n]*\] "|[A-Z]\d{4,8} \d\d:`;

/** A level after a timestamp: in brackets (MySQL), after a colon (Jetty), or as a word. */
const AFTER_TIME = [
  String.raw`${TIME}(?:[^\s|]* \d+ \[(?P<word11>Note|System)\]`,
  String.raw`|(?:[^\s|]*?:|[^\s|]*(?: ?[+-]\d\d:?\d\d)? )`,
  '(?P<word12>(?i:info|notice|warn(?:ing)?|err(?:or)?|debug|trace|fatal|critical))[: ])',
].join('');

/**
 * Finds the level after a timestamp, or the text of all other lines, as the group `text`: the first line, below the
 * border if a box surrounds the text. If the line starts like logfmt, the text is only its first name.
 */
export const FIRST_LINE = String.raw`${AFTER_TIME}|${DECIDED}|(?:[^\w\n{]*\n)?(?P<text>[ \t]*[^\s={"](?:[^\s="]*=[^\s"]*[ \t]+[^\s="]+[ \t][^\n]*|[^\s=]*(?:[ \t][^\n]*)?))`;

/** Separates the parts of a head. */
const GAP = String.raw`(?:[ \t|[<]|${COLOR})`;
/** A part contains a mark or a digit: a timestamp, a number, a logger name, the end of brackets. */
const PART = String.raw`(?:(?:[A-Za-z]*[^\sA-Za-z|"[<{\x1b]|[A-Za-z]+\[)[^\s|"[<{\x1b]*(?: (?:[AP]M|UTC|GMT))?|\{[^\s{}"]*\})`;
/** Parts with words between them. Two adjacent words, as in a sentence, never match. */
const HEAD = String.raw`(?:${PART}|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2},? +\d+)(?:${GAP}+(?:[A-Za-z]+${GAP}+)??${PART})*?(?:${GAP}+[A-Za-z]+)??${GAP}+`;

const ANY = `(?i:${anyOf(wordsOf(STRONG_WORDS, LABEL_WORDS))})`;
const CAPITALS = anyOf(wordsOf(STRONG_WORDS, CAPITAL_WORDS).map((word) => word.toUpperCase()));

/** What must follow a level that is not in capitals: a bracket, a colon, or another separator from a sentence. */
const SET_APART = String.raw`(?: |${COLOR})*[\])>|}]|(?:${COLOR})*:(?:[\s\x1b]|$)|[\t\x1b]|  |[\[(]\w+[\])]: `;

/**
 * Finds the level in the head of a line: in capitals, in brackets, or before a colon. If there is none, `rest` is the
 * line up to the first quote.
 */
export const IN_HEAD = [
  String.raw`${GAP}*(?:(?:PHP|[A-Za-z]+ *[[<]) *|${HEAD})??(?:[a-z][\w-]*[.:])?`,
  String.raw`(?:\(?(?P<word13>${CAPITALS})(?:[\s:\])}>|/,!\x1b[(-]|$)|(?P<word14>${ANY})(?:${SET_APART}))`,
  '|(?P<rest>[^"]+)',
].join('');

/** The start of an uncaught exception, or of one printed without a logger. */
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

/** Phrases that report no error: `no error`, `error: none`, the field name `error=…`, or a term like `error rate`. */
const NO_ERROR = [
  '(?i:no|without|zero|0|any) +(?i:errors?|fatal|critical)',
  String.raw`(?i:err|errors?|fatal|critical)(?:\(s\))? *(?:=|${NOTHING})`,
  '(?i:error) +(?i:budget|count|free|handl|log|page|rate|report|template|threshold)',
].join('|');

/**
 * Detects errors in other text: it starts like an exception (the group `raised`), or a sentence reports an error.
 * Sentences are not searched for any other level.
 */
export const IN_TEXT = String.raw`${RAISED}|(?:[^\n"]*?[\s(,;:{])??(?:${NO_ERROR}|(?P<word15>(?i:error|fatal|critical))(?:[\s:,!;)]|\.?(?:\s|$)))`;
