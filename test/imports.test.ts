import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..');

/** What each folder of `lib/` may import besides itself; the data flows one way. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  values: [],
  kubernetes: ['values'],
  grafana: ['kubernetes', 'values'],
  ingress: ['kubernetes', 'values'],
  loki: ['kubernetes', 'values'],
  promtail: ['kubernetes', 'values'],
  'storage-class': ['kubernetes', 'values'],
  tempo: ['kubernetes', 'values'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const IMPORTS: Import[] = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => {
    const file = join(ROOT, 'lib', name);
    return [...readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)].map(([, target = '']) => ({
      file: relative(ROOT, file),
      target: target.startsWith('.') ? relative(ROOT, join(dirname(file), target)) : target,
    }));
  });

const folderOf = (path: string) => path.split('/').at(1) ?? '';
const show = ({ file, target }: Import) => `${file} imports ${target}`;

describe('imports', () => {
  test('of a component stay within its folder and the shared ones', () => {
    const wrong = IMPORTS.filter(({ file, target }) => {
      const inFolder = file.split('/').length > 2 && target.startsWith('lib/');
      const allowed = [folderOf(file), ...(MAY_IMPORT[folderOf(file)] ?? [])];
      return inFolder && !(target.split('/').length > 2 && allowed.includes(folderOf(target)));
    });

    expect(wrong.map(show)).toEqual([]);
  });

  test('of every folder are ruled here', () => {
    const folders = IMPORTS.filter(({ file }) => file.split('/').length > 2).map(({ file }) =>
      folderOf(file),
    );

    expect([...new Set(folders)].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test('of component classes are in lib/stack.ts only', () => {
    const components = Object.keys(MAY_IMPORT).filter(
      (folder) => folder !== 'values' && folder !== 'kubernetes',
    );
    const outside = IMPORTS.filter(({ file }) => file.split('/').length === 2 && file !== 'lib/stack.ts');
    const wrong = outside.filter(
      ({ target }) => components.includes(folderOf(target)) && !target.endsWith('/settings'),
    );

    expect(wrong.map(show)).toEqual([]);
  });

  test('of a config need neither cdk8s nor YAML: it is plain data', () => {
    const wrong = IMPORTS.filter(
      ({ file, target }) => file.endsWith('/config.ts') && /^(cdk8s|constructs|yaml)/.test(target),
    );

    expect(wrong.map(show)).toEqual([]);
  });

  test('of the YAML writer are in one file', () => {
    const writers = IMPORTS.filter(({ target }) => target === 'yaml').map(({ file }) => file);

    expect(writers).toEqual(['lib/kubernetes/config-file.ts', 'lib/values/source.ts']);
  });
});
