import { parseArgs } from 'node:util';
import { ManifestError } from '../kubernetes/manifest-error';
import type { AssessProps } from './assess';
import { EFFECTS, type Effect } from './finding';
import { jsonReport } from './report/json';
import { markdownReport } from './report/markdown';
import { textReport } from './report/text';
import { type Review, review } from './review';

const FORMATS: Readonly<Record<string, (review: Review) => string>> = {
  text: textReport,
  markdown: markdownReport,
  json: jsonReport,
};

const HELP = `npm run review -- [--base <folder|revision>] [--head <folder|revision>] [--format ${Object.keys(FORMATS).join('|')}]

Reports what applying manifests does to a running cluster. By default it compares dist/ in the working tree with the
commit where this branch left the main branch. Works offline, on any two folders of manifests.

  --base <folder|revision>   what runs now; a folder takes precedence over a revision with the same name
  --head <folder|revision>   what will be applied (default: the folder in the working tree)
  --folder <path>            the folder in a revision, and in the working tree (default: dist)
  --recursive                treat subfolders as parts of one cluster, as kubectl apply -R does;
                             without it, each subfolder is a separate cluster, as for kubectl apply -f
  --format <format>          ${Object.keys(FORMATS).join(', ')} (default: text)
  --fail-on <effect,...>     exit with 1 if there is a finding with one of these effects: ${EFFECTS.join(', ')}
  --today <date>             date that counts as today, such as 2026-11-24

exit codes: 0 reviewed, 1 a finding with an effect in --fail-on, 2 invalid input
`;

/** Output of a run and its exit code. */
export interface ReviewOutput {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/** Thrown for invalid arguments. The message is one line with the fix. */
class UsageError extends Error {}

/**
 * Runs the review with command-line arguments.
 *
 * @param rules Rules of the components, and the texts of all rules.
 */
export function run(args: readonly string[], rules: Omit<AssessProps, 'today'>): ReviewOutput {
  try {
    const { values } = parse(args);
    if (values.help) return { code: 0, output: HELP, error: '' };
    const { base, head, folder, recursive } = values;
    const format = FORMATS[values.format];
    if (format === undefined)
      throw new UsageError(`--format ${values.format}: must be one of ${Object.keys(FORMATS).join(', ')}`);
    const failOn = effects(values['fail-on']);
    const today = day(values.today);
    const done = review({ ...(base && { base }), ...(head && { head }), folder, recursive, today, ...rules });
    const failed = done.reviews.some(({ findings }) =>
      findings.some(({ effect }) => failOn.includes(effect)),
    );
    return { code: failed ? 1 : 0, output: format(done), error: '' };
  } catch (error) {
    if (!(error instanceof ManifestError || error instanceof UsageError)) throw error;
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
    throw new UsageError(`${(error as Error).message.split(/\n|\. To specify /)[0]}; see --help`);
  }
}

function effects(text: string): Effect[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((name) => {
      const effect = EFFECTS.find((one) => one === name.trim());
      if (effect === undefined)
        throw new UsageError(`--fail-on ${name}: must be one of ${EFFECTS.join(', ')}`);
      return effect;
    });
}

function day(text: string): string {
  if (text === '') return new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text))
    throw new UsageError(`--today ${text}: must be a date such as 2026-11-24`);
  return text;
}
