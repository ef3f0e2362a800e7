// Runs a TypeScript program: `node scripts/run.cjs main.ts`. One call of esbuild bundles our own files, which is
// faster than a loader that compiles file by file; the packages load meanwhile, on another core. Nothing is written,
// so that programs can run at the same time, and with a node_modules/ that is read-only.
const { Module, enableCompileCache } = require('node:module');
const path = require('node:path');
const { build } = require('esbuild');
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
// Node 20 has none, newer releases keep what they compiled of packages for the next start.
enableCompileCache?.(path.join(__dirname, '..', 'node_modules', '.cache', 'logs-and-traces'));
// The review reads manifests, and needs nothing of what makes them.
if (entry !== 'scripts/review.ts') for (const name of Object.keys(dependencies)) require(name);

bundled.then(
  ({ outputFiles: [{ text }] }) => {
    process.setSourceMapsEnabled(true);
    process.argv = [node, path.resolve(entry), ...rest];
    const program = new Module(`${path.resolve(entry)}.cjs`);
    program.filename = program.id;
    program.paths = Module._nodeModulePaths(path.dirname(program.id));
    program._compile(text, program.filename);
  },
  // esbuild has printed why.
  () => process.exit(1),
);
