import { CONTINUATIONS, HEADER, INDENTED_ENTRY } from '../logs/entries';
import type { PromtailSettings } from './settings';
import { forParsers, type Stage } from './stage';
import { branches } from './template';

// Lines are joined as the container runtime wrote them, `<time> stdout F <text>`, and before the stage `cri` reads
// that: an entry that begins with a continuation, because the line before it was sent long ago, has its own time,
// and the stages that follow work on entries, of which there are fewer.

/** What is between time and flag: F for a whole line, P for a part of one, and C for a continuation. */
const STREAM = ' std(?:out|err) ';

/**
 * Joins the lines of one entry, such as a stack trace. RE2 has no look-ahead, so lines are marked first: the flag of
 * one that continues the entry before it becomes C. The flag of one that the next line completes becomes P, so that
 * the stage `cri` puts it before the next entry.
 */
export function joinLines(settings: PromtailSettings['multiline']): Stage[] {
  const multiline = (start: string): Stage => ({
    multiline: {
      firstline: `${STREAM}[FP] (?:${start})`,
      max_wait_time: settings.maxWait.toString(),
      max_lines: settings.maxLines,
    },
  });
  return [
    // The stage `multiline` tells streams apart by their labels.
    { regex: { expression: String.raw`^(?P<time>\S+) (?P<stream>stdout|stderr) ` } },
    { labels: { stream: null } },
    forParsers(
      ['auto', 'text'],
      [
        ...CONTINUATIONS.map((one) => marked(`(?:${one}).*`)),
        marked(String.raw`(?P<header>${HEADER})\s*`),
        {
          replace: {
            source: 'marked',
            expression: '^(std)(?:out|err) (F) .*()$',
            replace: branches([
              ['eq .Value "std"', '{{ .time }} std'],
              ['eq .Value "F"', '{{ if .header }}P{{ else }}C{{ end }}'],
              ['.header', '{{ "\\n" }}'],
            ]),
          },
        },
        { output: { source: 'marked' } },
        multiline(String.raw`\S|${INDENTED_ENTRY}`),
        // What follows a part, and looks like a continuation, belongs to the part.
        {
          replace: {
            expression: String.raw`${STREAM}(P) [^\n]*\n??(\n\S+${STREAM}[CFP] )`,
            replace: '{{ if eq .Value "P" }}F{{ end }}',
          },
        },
      ],
    ),
    forParsers(['json', 'logfmt', 'none'], [multiline(String.raw`\s*\S`)]),
  ];
}

/** Keeps a line that has to be marked. Only then is it replaced, which takes many times longer than to look for it. */
function marked(expression: string): Stage {
  return { regex: { expression: ` (?P<marked>std(?:out|err) F ${expression})$` } };
}

/** Removes what the runtime wrote before the lines of an entry, and blank lines at its end. */
export function tidyLines(): Stage[] {
  return [
    { replace: { expression: String.raw`\n(\S+${STREAM}[CFP] )`, replace: '' } },
    { replace: { expression: String.raw`((?:\n[ \t\r]*)+)$`, replace: '' } },
    { drop: { expression: String.raw`^\s*$`, drop_counter_reason: 'blank_line' } },
  ];
}
