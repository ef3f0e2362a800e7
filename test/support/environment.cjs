// Test files share packages and the code of this repository: a worker loads them once, instead of once per test file,
// which took more time than the tests themselves. A test that replaces a module or the clock of this code opts out by
// `@jest-environment node` at its top.
const { Module, SourceMap } = require('node:module');
const { join } = require('node:path');
const { buildSync } = require('esbuild');
const { TestEnvironment } = require('jest-environment-node');

const ROOT = join(__dirname, '..', '..');

/** Compiled code and source map by path. One call of esbuild for all files is faster than one for each. */
let compiled;
function compileAll() {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['lib', 'scripts', 'imports', 'test'].map((folder) => `${folder}/**/*.ts`),
    outbase: '.',
    outdir: '.',
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'external',
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
  return (file) => {
    const output = file.replace(/ts$/, 'js');
    return { code: texts.get(output), map: () => new SourceMap(JSON.parse(texts.get(`${output}.map`))) };
  };
}
const maps = new Map();
Module._extensions['.ts'] = (module, file) => {
  compiled ??= compileAll();
  const { code, map } = compiled(file);
  maps.set(file, map);
  module._compile(code, file);
};

/** Replaces positions in compiled code, which jest knows nothing of, by those in the sources. */
function inSources(stack) {
  return stack.replaceAll(/([^\s(]+\.ts):(\d+):(\d+)/g, (position, file, line, column) => {
    const found = maps
      .get(file)?.()
      .findEntry(line - 1, column - 1);
    return found?.originalLine === undefined
      ? position
      : `${file}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  });
}

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.requireShared = require;
    // In watch mode a process outlives a change of the code.
    if (!config.globalConfig.watch && !config.globalConfig.watchAll) return;
    compiled = undefined;
    for (const file of Object.keys(require.cache)) if (file.endsWith('.ts')) delete require.cache[file];
  }

  async setup() {
    await super.setup();
    // Jest has just set its own formatter.
    const format = Error.prepareStackTrace;
    Error.prepareStackTrace = (error, frames) => inSources(format(error, frames));
  }
};
