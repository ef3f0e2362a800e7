import { run } from './cli';

const { code, output, error } = run(process.argv.slice(2));
process.stdout.write(output);
process.stderr.write(error);
process.exitCode = code;
