import { run } from '../lib/review/cli';
import { REVIEW_RULES } from './review-rules';

// A reader such as `head` may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { code, output, error } = run(process.argv.slice(2), REVIEW_RULES);
process.stdout.write(output);
process.stderr.write(error);
process.exitCode = code;
