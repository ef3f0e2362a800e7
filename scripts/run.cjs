// Runs a TypeScript program: `node scripts/run.cjs main.ts`. `scripts/compile.cjs` bundles the program and its packages into
// one script. The script and the code that V8 compiled from it are kept, because bundling and loading take longer than a
// synth. This file contains only what every start needs.
const fs = require('node:fs');
const { Module, SourceMap, createRequire } = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const [node, , entry, ...rest] = process.argv;
const ROOT = path.join(__dirname, '..');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'logs-and-traces', 'programs');
const source = path.relative(ROOT, entry);
/** V8 rejects code that another release, another processor or other flags compiled. */
const machine = [process.version, process.arch, v8.cachedDataVersionTag()].join(' ');

/** What changes with the content of a file, or with the names in a folder. */
function stampOf(name) {
  const stats = fs.statSync(`${ROOT}/${name}`, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.ctimeMs}`;
}

/** The name of the kept program, if no source has changed since the last start. */
function lastIdentity(seen) {
  try {
    const last = JSON.parse(fs.readFileSync(seen, 'utf8'));
    const same = last.machine === machine && last.stamps.every(([name, stamp]) => stampOf(name) === stamp);
    return same ? last.identity : undefined;
  } catch {
    // The first start, or a damaged file.
    return undefined;
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

const compile = () => require('./compile.cjs');
/** Where the last start of this clone keeps what it saw of the sources. */
const seen = path.join(CACHE, `${fs.statSync(ROOT).ino} ${source.replaceAll(path.sep, ' ')}`);
const identity = lastIdentity(seen) ?? compile().identityOf({ source, machine, stampOf, seen });
const file = path.join(CACHE, identity);
const kept = readKept(file);
const { map, script } = kept ?? compile().bundle(entry);
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
  compile().keep(file, { isWhole, map, script, compiled: program.createCachedData() });
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
