// Runs a TypeScript program: `node scripts/run.cjs main.ts`. One call of esbuild bundles our own files, which is
// faster than a loader that compiles file by file; the packages load meanwhile, on another core.
const { createHash } = require('node:crypto');
const path = require('node:path');
const { build } = require('esbuild');
const { dependencies } = require('../package.json');

const [node, , entry, ...rest] = process.argv;
const project = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 12);
const cache = path.join(__dirname, '..', 'node_modules', '.cache', 'logs-and-traces', project);
const outfile = path.join(cache, `${path.relative('.', entry).replaceAll(path.sep, '-')}.cjs`);

const bundled = build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
// Node 20 has none, newer releases keep what they compiled for the next start.
require('node:module').enableCompileCache?.(cache);
// The review reads manifests, and needs nothing of what makes them.
if (!entry.startsWith('lib/review/')) for (const name of Object.keys(dependencies)) require(name);

bundled.then(
  () => {
    process.setSourceMapsEnabled(true);
    process.argv = [node, path.resolve(entry), ...rest];
    require(outfile);
  },
  // esbuild has printed why.
  () => process.exit(1),
);
