import { CONTINUATIONS, HEADER, INDENTED_ENTRY } from '../logs/entries';
import type { PromtailSettings } from './settings';
import type { Stage } from './stage';
import { branches } from './template';

// Lines are joined in the format of the container runtime, `<time> stdout F <text>`, before the stage `cri` parses it.
// If an entry starts with a continuation because the previous line was sent long ago, it keeps its own timestamp.
// Later stages process whole entries, of which there are fewer.

/** The text between timestamp and flag: F for a complete line, P for a partial line, C for a continuation. */
const STREAM = ' std(?:out|err) ';

/**
 * Joins the lines of one entry, such as a stack trace. RE2 has no look-ahead, so lines are marked first. A line that
 * continues the previous entry gets the flag C. A line that the next line completes gets the flag P, so that the stage
 * `cri` prepends it to the next entry.
 */
export function joinLines(settings: PromtailSettings['multiline']): Stage[] {
  return [
    // The stage `multiline` distinguishes streams by their labels.
    { regex: { expression: String.raw`^(?P<time>\S+) (?P<stream>stdout|stderr) ` } },
    { labels: { stream: null } },
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
    {
      multiline: {
        firstline: String.raw`${STREAM}[FP] (?:\S|${INDENTED_ENTRY})`,
        max_wait_time: settings.maxWait.toString(),
        max_lines: settings.maxLines,
      },
    },
    // A line after a partial line belongs to it, even if it looks like a continuation.
    {
      replace: {
        expression: String.raw`${STREAM}(P) [^\n]*\n??(\n\S+${STREAM}[CFP] )`,
        replace: '{{ if eq .Value "P" }}F{{ end }}',
      },
    },
  ];
}

/** Keeps a line that needs a mark. Only these are replaced, because replacing is over a hundred times slower. */
function marked(expression: string): Stage {
  return { regex: { expression: ` (?P<marked>std(?:out|err) F ${expression})$` } };
}

/** Removes the runtime prefix from the lines of an entry, and blank lines at its end. */
export function tidyLines(): Stage[] {
  return [
    { replace: { expression: String.raw`\n(\S+${STREAM}[CFP] )`, replace: '' } },
    { replace: { expression: String.raw`((?:\n[ \t\r]*)+)$`, replace: '' } },
  ];
}
