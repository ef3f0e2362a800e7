// cdk8s-cli loads jsii-pacmak at its start, but needs it only for `cdk8s init` and for imports into languages other
// than TypeScript. This module replaces it, which saves 95 packages and two thirds of the CLI's start time. It is
// also the only code of this repository that runs inside the CLI before it parses its options.

const { existsSync } = require('node:fs');

// The check for a newer CLI queries a registry. Without network access it prints a stack trace, and the version is
// pinned anyway.
process.env['CDK8S_CHECK_UPGRADE'] ??= 'false';

// The CLI reads cdk8s.yaml in the working directory. Without that file it reports a missing argument.
if (
  process.argv[2] === 'synth' &&
  !process.argv.some((one) => /^(?:-a|--app|--help)\b/.test(one)) &&
  !existsSync('cdk8s.yaml')
) {
  process.stderr.write(`cdk8s.yaml is not in ${process.cwd()}; change to the folder of this repository\n`);
  process.exit(1);
}

const { log, error } = console;

// The output is a link to dist/ (see cdk8s.yaml), and dist/ is the name that users know.
console.log = (text, ...rest) =>
  log(typeof text === 'string' ? text.replace(/^( {2}- )cdk8s\.out\//, '$1dist/') : text, ...rest);

// The app has already printed its errors. The CLI's own error with its stack trace adds nothing.
console.error = (text, ...rest) => {
  if (!/^Error: command ".*" at .* returned a non-zero exit code 1$/m.test(text)) error(text, ...rest);
};

// Reject a mistyped option, as every other command here does. The CLI treats every variable CDK8S_… as an option,
// even one that only apps read, so it cannot be strict if such a variable is set.
const variables = Object.keys(process.env).filter((name) => name.startsWith('CDK8S_'));
if (variables.every((name) => name === 'CDK8S_CHECK_UPGRADE'))
  require(require.resolve('yargs', { paths: [require.resolve('cdk8s-cli/package.json')] })).strict();
