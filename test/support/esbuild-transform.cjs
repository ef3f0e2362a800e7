// Lets jest run TypeScript, and share between test files what does not use jest itself (see environment.cjs).
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transformSync, version } = require('esbuild');

const self = readFileSync(__filename);

const compile = (source, file) =>
  transformSync(source, {
    loader: file.endsWith('.ts') ? 'ts' : 'js',
    format: 'cjs',
    target: 'node20',
    sourcefile: file,
    sourcemap: true,
  });

module.exports = {
  getCacheKey: (source, file) =>
    createHash('sha256').update(self).update(`\n${version}\n${file}\n`).update(source).digest('hex'),
  process(source, file) {
    const { code, map } = compile(source, file);
    if (file.endsWith('.test.ts') || source.includes("from '@jest/globals'")) return { code, map };
    // No map: environment.cjs has that of the shared code.
    const shared = `if (globalThis.requireShared) module.exports = requireShared(${JSON.stringify(file)});`;
    return { code: `${shared} else (() => { ${code}\n})();` };
  },
};
