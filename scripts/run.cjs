// Runs a TypeScript program: `node scripts/run.cjs main.ts`. One esbuild call bundles this repository's files, which
// is faster than a loader that compiles file by file. Packages load on another core in the meantime. Nothing is
// written, so that programs can run concurrently and with a read-only node_modules/.
const { Module, enableCompileCache } = require('node:module');
const path = require('node:path');
const { build } = load('esbuild');
const { dependencies } = require('../package.json');

const [node, , entry, ...rest] = process.argv;

const bundled = build({
  entryPoints: [entry],
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
// Newer releases than Node 20 can keep the compiled code of packages for the next start.
enableCompileCache?.(path.join(__dirname, '..', 'node_modules', '.cache', 'logs-and-traces'));
// The review reads manifests and does not need the packages that render them.
// The grammar of LogQL is loaded only for log alerts.
const used = Object.keys(dependencies).filter((name) => !name.includes('lezer'));
if (entry !== 'scripts/review.ts') for (const name of used) load(name);

/** A package; npm installs all of them. */
function load(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    process.stderr.write(`the package ${name} is not installed; install all packages: npm ci\n`);
    process.exit(1);
  }
}

bundled.then(
  ({ outputFiles: [{ text }] }) => {
    process.setSourceMapsEnabled(true);
    process.argv = [node, path.resolve(entry), ...rest];
    const program = new Module(`${path.resolve(entry)}.cjs`);
    program.filename = program.id;
    program.paths = Module._nodeModulePaths(path.dirname(program.id));
    program._compile(text, program.filename);
  },
  // esbuild has already printed the error.
  () => process.exit(1),
);
