// cdk8s-cli loads jsii-pacmak when it starts, and needs it only for `cdk8s init` and for imports into other languages
// than TypeScript. This module takes its place: it saves 95 packages and two thirds of the CLI's start, and it is
// the one place in this repository that runs inside the CLI before it reads its options.

// The check for a newer CLI asks a registry; without a network it prints a stack trace. The version is pinned anyway.
process.env['CDK8S_CHECK_UPGRADE'] ??= 'false';

const { log, error } = console;

// The output is a link to dist/ (see cdk8s.yaml), which is what people look for.
console.log = (text, ...rest) =>
  log(typeof text === 'string' ? text.replace(/^( {2}- )cdk8s\.out\//, '$1dist/') : text, ...rest);

// The app has said what is wrong; that it failed, with the stack of the CLI, adds nothing.
console.error = (text, ...rest) => {
  if (!/^Error: command ".*" at .* returned a non-zero exit code 1$/m.test(text)) error(text, ...rest);
};

// A mistyped option is a mistake, as it is in every other command here. The CLI takes every variable CDK8S_… for an
// option, also one that only apps know, so that there is nothing to be strict about where one is set.
const variables = Object.keys(process.env).filter((name) => name.startsWith('CDK8S_'));
if (variables.every((name) => name === 'CDK8S_CHECK_UPGRADE'))
  require(require.resolve('yargs', { paths: [require.resolve('cdk8s-cli/package.json')] })).strict();
