// Runs a TypeScript program: `node scripts/run.cjs main.ts`. One call of esbuild bundles it (our own files;
// packages stay where they are), which is faster than a loader that compiles file by file.
const { mkdirSync } = require('node:fs');
const path = require('node:path');
const { buildSync } = require('esbuild');

const [, , entry, ...rest] = process.argv;
const folder = path.join(__dirname, '..', 'node_modules', '.cache', 'logs-and-traces');
const outfile = path.join(folder, `${path.parse(entry).name}.cjs`);
mkdirSync(folder, { recursive: true });
buildSync({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], path.resolve(entry), ...rest];
require(outfile);
