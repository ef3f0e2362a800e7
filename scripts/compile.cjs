// What `scripts/run.cjs` needs if a source, a package or Node has changed since the last start of a program.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
/** Number of files to keep: two for each state of a program's sources, and one for each clone that starts it. */
const FILES = 60;

/** A name for everything that the compiled script depends on, so that an old one is never found. */
function identityOf({ source, machine, stampOf, seen }) {
  const stamps = namesOfSources(source).map((name) => [name, stampOf(name)]);
  const hash = createHash('sha256').update(JSON.stringify([source, machine]));
  for (const [name, stamp] of stamps) {
    if (name.endsWith('/') || stamp === '') continue;
    const content = fs.readFileSync(`${ROOT}/${name}`);
    hash.update(`\n${name} ${content.length}\n`).update(content);
  }
  const identity = hash.digest('hex');
  // A file that is written twice within a tick of the file system's clock has the same stamp.
  const latest = Math.max(...stamps.map(([, stamp]) => Number(stamp.split(' ')[2] ?? 0)));
  if (latest < Date.now() - 100) write(seen, JSON.stringify({ identity, machine, stamps }));
  return identity;
}

/** Every file that the script depends on, and the folders that contain them. */
function namesOfSources(source) {
  const names = [];
  const addFolder = (folder) => {
    names.push(`${folder}/`);
    for (const one of fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
      if (one.isDirectory()) addFolder(`${folder}/${one.name}`);
      else if (!one.name.endsWith('.md')) names.push(`${folder}/${one.name}`);
    }
  };
  for (const folder of ['lib', 'imports', 'scripts']) addFolder(folder);
  if (source.startsWith('test')) addFolder('test');
  // npm writes the last file whenever it changes a package.
  const others = ['package.json', 'package-lock.json', 'tsconfig.json', 'node_modules/.package-lock.json'];
  return [...names, source, ...others];
}

/** Bundles the program. Only programs for developers use packages that are not dependencies; these are loaded. */
function bundle(entry) {
  const { dependencies, devDependencies } = require('../package.json');
  for (const name of ['esbuild', ...Object.keys(dependencies)]) requireInstalled(name);
  try {
    const { outputFiles } = require('esbuild').buildSync({
      absWorkingDir: ROOT,
      entryPoints: [path.resolve(entry)],
      write: false,
      outfile: 'program.cjs',
      bundle: true,
      platform: 'node',
      target: 'node20',
      // cdk8s brings a copy of the package yaml, of the same version, that only its own writer uses.
      alias: { yaml: path.join(ROOT, 'node_modules', 'yaml') },
      external: Object.keys(devDependencies),
      legalComments: 'none',
      banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
      footer: { js: '})' },
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'warning',
    });
    const [map, script] = outputFiles.map(({ contents }) => Buffer.from(contents));
    return { map, script };
  } catch {
    // esbuild has already printed the error.
    process.exit(1);
  }
}

function requireInstalled(name) {
  try {
    require.resolve(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    process.stderr.write(`the package ${name} is not installed; install all packages: npm ci\n`);
    process.exit(1);
  }
}

/** Keeps a program for the next start. */
function keep(file, { isWhole, map, script, compiled }) {
  const head = Buffer.from([isWhole ? 1 : 0, 0, 0, 0, 0]);
  head.writeUInt32LE(script.length, 1);
  if (map) write(`${file}.map`, map);
  write(file, Buffer.concat([head, script, compiled]));
  try {
    const folder = path.dirname(file);
    const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
    const ages = new Map(files.map((one) => [one, fs.statSync(one).mtimeMs]));
    const old = files.sort((a, b) => ages.get(b) - ages.get(a)).slice(FILES);
    for (const one of old) fs.rmSync(one, { force: true });
  } catch {
    // Another process may be removing the same files.
  }
}

/** Writes a file of the cache. A folder that cannot be written, or a full disk, only costs time at the next start. */
function write(file, content) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.${process.pid}`, content);
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Another process may be writing or removing the same file.
  }
}

module.exports = { identityOf, bundle, keep };
