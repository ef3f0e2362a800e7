import { run } from '../lib/review/cli';
import { print } from '../lib/terminal';
import { REVIEW_RULES } from './review-rules';

// A reader such as `head` may close the pipe early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { code, output, error } = run(process.argv.slice(2), REVIEW_RULES);
print(process.stdout, output);
print(process.stderr, error);
process.exitCode = code;
