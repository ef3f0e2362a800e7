import { parseArgs } from 'node:util';
import { EFFECTS, type Effect } from './impact/finding';
import { ReviewError } from './manifests/problem';
import { jsonReport } from './report/json';
import { markdownReport } from './report/markdown';
import type { Review } from './report/review';
import { textReport } from './report/text';
import { review } from './review';

const FORMATS: Readonly<Record<string, (review: Review) => string>> = {
  text: textReport,
  markdown: markdownReport,
  json: jsonReport,
};

const HELP = `npm run review -- [--base <folder|revision>] [--head <folder|revision>] [--format ${Object.keys(FORMATS).join('|')}]

Says what applying manifests does to a running cluster. Without options: dist/ in the working tree against the commit
where this branch left the main branch. Works offline, on any two folders of manifests.

  --base <folder|revision>   what runs now; a folder wins over a revision of the same name
  --head <folder|revision>   what is to be applied (default: the folder in the working tree)
  --folder <path>            the folder in a revision, and in the working tree (default: dist)
  --recursive                take folders in the folder for one cluster, as kubectl apply -R does;
                             without it each folder is a cluster of its own, as kubectl apply -f does
  --format <format>          ${Object.keys(FORMATS).join(', ')} (default: text)
  --fail-on <effect,...>     end with 1 when there is a finding of one of these: ${EFFECTS.join(', ')}
  --today <date>             the day to judge dates by, such as 2026-11-24 (default: today)

exit codes: 0 reviewed, 1 a finding that --fail-on names, 2 bad input
`;

/** What a run prints, and ends with. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/** Runs the review as the command line asks. */
export function run(args: readonly string[]): Outcome {
  try {
    const { values } = parse(args);
    if (values.help) return { code: 0, output: HELP, error: '' };
    const format = FORMATS[values.format];
    if (format === undefined)
      throw new ReviewError(`--format ${values.format}: there are ${Object.keys(FORMATS).join(', ')}`);
    const failOn = effects(values['fail-on']);
    const today = day(values.today);
    const { base, head, folder, recursive } = values;
    const done = review({ ...(base && { base }), ...(head && { head }), folder, recursive, today });
    const failed = done.reviews.some(({ findings }) =>
      findings.some(({ effect }) => failOn.includes(effect)),
    );
    return { code: failed ? 1 : 0, output: format(done), error: '' };
  } catch (error) {
    if (!(error instanceof ReviewError)) throw error;
    return { code: 2, output: '', error: `${error.message}\n` };
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        base: { type: 'string' },
        head: { type: 'string' },
        folder: { type: 'string', default: 'dist' },
        recursive: { type: 'boolean', default: false },
        format: { type: 'string', default: 'text' },
        'fail-on': { type: 'string', default: '' },
        today: { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ReviewError(`${(error as Error).message.split('\n')[0]} (--help tells the options)`);
  }
}

function effects(text: string): Effect[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((name) => {
      const effect = EFFECTS.find((one) => one === name.trim());
      if (effect === undefined) throw new ReviewError(`--fail-on ${name}: there are ${EFFECTS.join(', ')}`);
      return effect;
    });
}

function day(text: string): string {
  if (text === '') return new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new ReviewError(`--today ${text}: write it as 2026-11-24`);
  return text;
}
