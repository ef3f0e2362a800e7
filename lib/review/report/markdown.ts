import type { Review } from '../review';
import { byEffect, type GroupedFinding, groupFindings, inClusters } from './groups';
import { escapeText, fence, prose, shorten, size, thatFit } from './markup';
import { groupRequests } from './requests';
import { diffLines } from './values';
import { HEADINGS, isDanger, scope, verdict } from './verdict';

/** Marker by which a workflow finds its earlier comment. */
const MARK = '<!-- logs-and-traces review -->';

/** GitHub rejects comments of more than 65,536 characters. Bytes are counted, which are never fewer. */
const MAX_SIZE = 60_000;

/** Space that a section needs for its heading and the note about omitted entries. */
const SECTION_RESERVE = 300;

const MAX_TITLE = 400;
const MAX_VALUE = 300;
const MAX_LINES = 16;
const MAX_CLUSTERS = 5;

/** A review for a pull request comment: dangerous changes first, the rest folded, always within the limit. */
export function markdownReport(review: Review): string {
  const groups = groupFindings(review.reviews);
  const sections = [false, true].flatMap((folded) =>
    byEffect(groups.filter(({ finding }) => isDanger(finding) !== folded)).map(([effect, some]) => ({
      heading: HEADINGS[effect],
      some,
      folded,
    })),
  );
  const head = [
    MARK,
    `## ${escapeText(verdict(review.reviews))}`,
    '',
    escapeText(shorten(scope(review), MAX_TITLE)),
    ...requests(review),
  ];
  const parts = [head.join('\n')];
  let room = MAX_SIZE - size(parts[0] ?? '') - sections.length * SECTION_RESERVE;
  for (const { heading, some, folded } of sections) {
    const { texts, left } = thatFit(showAll(some, review), room);
    room -= texts.reduce((sum, text) => sum + size(text), 0);
    parts.push(section(heading, some.length, texts, { folded, left }));
  }
  return `${parts.join('\n\n')}\n`;
}

function section(
  heading: string,
  count: number,
  texts: readonly string[],
  { folded, left }: { folded: boolean; left: number },
): string {
  const note =
    left > 0
      ? [
          `**${left} more do not fit into a comment.** \`npm run review\` prints them all, and so does the log of this run.`,
        ]
      : [];
  const body = [...texts, ...note].join('\n');
  return folded
    ? `<details>\n<summary><b>${heading}</b> (${count})</summary>\n\n${body}\n</details>`
    : `### ${heading}\n\n${body}`;
}

function requests({ reviews }: Review): string[] {
  const rows = groupRequests(reviews).flatMap(({ folders, rows }) => rows.map((row) => ({ folders, row })));
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MAX_LINES);
  const where = ([folder = '', ...others]: readonly string[]) => {
    if (folder === '.' && others.length === 0) return '';
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `${escapeText(shorten(folder, 60))}${more}: `;
  };
  return [
    '',
    '| requests | before | after | |',
    '| --- | --- | --- | --- |',
    ...shown.map(
      ({ folders, row: [what, ...cells] }) => `| ${where(folders)}${what} | ${cells.join(' | ')} |`,
    ),
    ...(rows.length > shown.length ? [`| … and ${rows.length - shown.length} more rows | | | |`] : []),
  ];
}

/** Findings in order. A reason is not repeated directly after itself. */
function showAll(groups: readonly GroupedFinding[], review: Review): string[] {
  return groups.map((group, index) =>
    show(group, review, groups[index - 1]?.finding.reason === group.finding.reason),
  );
}

function show(
  { finding, changes, clusters }: GroupedFinding,
  { reviews }: Review,
  isReasonKnown: boolean,
): string {
  const { title, reason, source, outage, steps = [], rule } = finding;
  const where =
    reviews.length > 1 || clusters[0] !== '.' ? ` (${escapeText(inClusters(clusters, MAX_CLUSTERS))})` : '';
  const lines = changes.flatMap((change) => [
    `@@ ${shorten(change.path, MAX_VALUE)} @@${change.type === 'changed' ? '' : ` ${change.type}`}`,
    ...diffLines(change).map((line) => shorten(line, MAX_VALUE)),
  ]);
  return [
    `- ${outage ? '**Outage.** ' : ''}**${escapeText(shorten(title, MAX_TITLE))}**${where}  `,
    `  ${isReasonKnown ? '' : `${prose(shorten(reason, MAX_TITLE * 2))} `}([${escapeText(rule)}](${source}))`,
    ...(steps.length > 0
      ? folded(
          'Safe steps',
          steps.map((step, index) => `${index + 1}. ${prose(shorten(step, MAX_TITLE))}`),
        )
      : []),
    ...(lines.length > 0
      ? folded(`${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`, [
          fence('diff', limited(lines)),
        ])
      : []),
    '',
  ].join('\n');
}

function limited(lines: readonly string[]): string[] {
  const left = lines.length - MAX_LINES;
  return left > 1
    ? [...lines.slice(0, MAX_LINES), `@@ and ${left} more lines: npm run review prints them @@`]
    : [...lines];
}

/** A folded block inside a list entry. */
function folded(summary: string, lines: readonly string[]): string[] {
  const body = lines.flatMap((line) => line.split('\n')).map((line) => `  ${line}`);
  return [`  <details><summary>${summary}</summary>`, '', ...body, '', '  </details>'];
}
