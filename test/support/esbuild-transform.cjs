// Lets jest run TypeScript.
const { transformSync } = require('esbuild');

module.exports = {
  process(source, file) {
    return transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcefile: file,
      sourcemap: 'inline',
    });
  },
};
