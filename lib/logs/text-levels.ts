import { anyOf, LEVEL_WORDS, LOKI_WORDS } from './levels';

const COLOR = String.raw`\x1b\[[\d;]*m`;

/** The first of the two lines that java.util.logging writes; the second begins with the level. */
export const JUL_HEADER = String.raw`(?:[A-Z][a-z]{2}\.? \d{1,2}|\d{1,2}\.? [A-Z][a-z]{2,8}\.?),? \d{4},? \d{1,2}:\d\d:\d\d(?:[ \x{a0}\x{202f}][AP]M)? [\w.$]+ [\w$<>]+`;

/** Finds the level of a line that begins in a way of its own, in the group `word` or `priority`. */
const HEADERS = [
  // syslog and systemd.
  String.raw`<(?P<priority>\d{1,3})>`,
  `(?P<word>${[
    // klog, glog and Ruby; .NET; logrus; apt.
    String.raw`(?:${COLOR})?(?:[DEFIVW]|crit|dbug|fail|info|trce|warn|DEBU|ERRO|FATA|INFO|PANI|TRAC|WARN)(?:\d{4}(?:\d{4})? \d\d:|, \[|: |(?:${COLOR})?\[\d)`,
    // Redis, java.util.logging, and a thread with its level.
    String.raw`\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ [.*#-] `,
    String.raw`${JUL_HEADER}\n[A-Z]+: `,
    String.raw`\[[\d:.,]+\] \[[^\]\n]*/[A-Z]+\]`,
  ].join('|')})`,
];

/** Words for a level in plain text: letters alone, and HTTP, stand there for something else. */
const WORDS = anyOf(
  Object.values(LEVEL_WORDS)
    .flat()
    .filter((word) => word.length > 2 && word !== 'http'),
);

/**
 * Finds the first word for a level in the head of a line, with what is around it: `ERROR `, `[error]`, `<Error>`,
 * `production.ERROR: `, `[core:error]`. Values of fields are no head, and neither is an access log.
 */
const WORD_IN_HEAD = [
  String.raw`(?:(?:\d{1,4}[^\s\[|="\n\d.][^\s\[|="\n]*|[^\s\[|={"\n\d][^\s\[|="\n]*|)`,
  String.raw`(?:[\s\[|]+[^\s\[|="\n]*){0,8}?)??(?P<text_word>(?:(?:^|[\s\[|]+)[<(]?|(?:\] |\[)[a-z][\w-]*[.:])`,
  String.raw`(?:${COLOR})?(?i:${WORDS})(?:[\s\])}:,!|/>\x1b-]|$))`,
].join('');

/** Finds the level in plain text. */
export const TEXT_LEVEL = [...HEADERS, WORD_IN_HEAD].join('|');

/**
 * Tells from the group `text_word` whether it is a level: in capitals, or before a bracket. What Loki finds as well is
 * the group `loki`: it is left to be detected, but is not mistaken any more.
 */
export const WORD_IS_LEVEL = String.raw`^(?:[\s\[(]*(?:${COLOR})?(?P<loki>(?i:${anyOf(LOKI_WORDS)}))|[\s\[\]|<(]*(?:[a-z][\w-]*[.:])?(?:${COLOR})?(?P<word>[A-Z]+|\w+[\]|>]))\W?$`;
