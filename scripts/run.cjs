// Runs a TypeScript program: `node scripts/run.cjs main.ts`. esbuild bundles the program and its packages into one
// script. The script and the code that V8 compiled from it are kept in node_modules/.cache/, because bundling and
// loading take longer than a synth.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const { Module, SourceMap, createRequire } = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const [node, , entry, ...rest] = process.argv;
const ROOT = path.join(__dirname, '..');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'logs-and-traces', 'programs');
const source = path.relative(ROOT, entry);
/** Number of files to keep: two for each state of a program's sources, and one for each clone that starts it. */
const FILES = 60;

/** What changes with the content of a file, or with the names in a folder. */
function stampOf(name) {
  const stats = fs.statSync(`${ROOT}/${name}`, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.ctimeMs}`;
}

/** A name for everything that the compiled script depends on, so that an old one is never found. */
function identity() {
  // V8 rejects code that another release, another processor or other flags compiled.
  const machine = [process.version, process.arch, v8.cachedDataVersionTag()].join(' ');
  // Reading every source takes four times as long as finding out that none has changed.
  const seen = path.join(CACHE, `${fs.statSync(ROOT).ino} ${source.replaceAll(path.sep, ' ')}`);
  try {
    const last = JSON.parse(fs.readFileSync(seen, 'utf8'));
    if (last.machine === machine && last.stamps.every(([name, stamp]) => stampOf(name) === stamp))
      return last.identity;
  } catch {
    // The first start, or a damaged file.
  }
  const stamps = namesOfSources().map((name) => [name, stampOf(name)]);
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
function namesOfSources() {
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
function bundle() {
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

/** The kept script and its compiled code: one file, so that the two always belong together. */
function readKept(file) {
  try {
    const content = fs.readFileSync(file);
    const end = 5 + content.readUInt32LE(1);
    return { isWhole: content[0] === 1, script: content.subarray(5, end), compiled: content.subarray(end) };
  } catch {
    return undefined;
  }
}

/** Writes a file of the cache. A folder that cannot be written, or a full disk, only costs time at the next start. */
function write(file, content) {
  try {
    fs.mkdirSync(CACHE, { recursive: true });
    fs.writeFileSync(`${file}.${process.pid}`, content);
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Another process may be writing or removing the same file.
  }
}

/** Keeps a program for the next start. */
function keep(file, { isWhole, map, script, compiled }) {
  const head = Buffer.from([isWhole ? 1 : 0, 0, 0, 0, 0]);
  head.writeUInt32LE(script.length, 1);
  if (map) write(`${file}.map`, map);
  write(file, Buffer.concat([head, script, compiled]));
  try {
    const files = fs.readdirSync(CACHE).map((name) => path.join(CACHE, name));
    const ages = new Map(files.map((one) => [one, fs.statSync(one).mtimeMs]));
    const old = files.sort((a, b) => ages.get(b) - ages.get(a)).slice(FILES);
    for (const one of old) fs.rmSync(one, { force: true });
  } catch {
    // Another process may be removing the same files.
  }
}

const file = path.join(CACHE, identity());
const kept = readKept(file);
const { map, script } = kept ?? bundle();
const program = new vm.Script(script.latin1Slice(), {
  filename: file,
  cachedData: kept?.compiled,
  importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});

/** Shows the lines of the sources in a stack trace. The source map is read only if there is one. */
let positions;
Error.prepareStackTrace = (error, frames) => {
  const positionOf = (frame) => {
    try {
      positions ??= new SourceMap(JSON.parse(map ?? fs.readFileSync(`${file}.map`, 'utf8')));
      const found = positions.findEntry(frame.getLineNumber() - 1, frame.getColumnNumber() - 1);
      return `${path.join(ROOT, found.originalSource)}:${found.originalLine + 1}:${found.originalColumn + 1}`;
    } catch {
      return undefined;
    }
  };
  const lines = frames.map((frame) => {
    const position = frame.getFileName() === file ? positionOf(frame) : undefined;
    return position === undefined ? `${frame}` : `${frame.getFunctionName() ?? '<anonymous>'} (${position})`;
  });
  return [error, ...lines].join('\n    at ');
};

// V8 compiles a function when it is first called, so only a program that ran to its end has all the code to keep.
process.on('exit', (code) => {
  const isWhole = code === 0 && !rest.includes('--help');
  if (kept && !program.cachedDataRejected && (kept.isWhole || !isWhole)) return;
  keep(file, { isWhole, map, script, compiled: program.createCachedData() });
});

process.argv = [node, path.resolve(entry), ...rest];
const loaded = new Module(path.resolve(entry));
loaded.filename = loaded.id;
program.runInThisContext()(
  loaded.exports,
  createRequire(loaded.id),
  loaded,
  loaded.id,
  path.dirname(loaded.id),
);
