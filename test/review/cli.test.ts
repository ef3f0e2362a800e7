import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { addFiles, configMap, folderOf, git, runIn } from './folders';

const reviewOf = (
  base: Record<string, string | Buffer>,
  head: Record<string, string | Buffer>,
  ...args: string[]
) => runIn(folderOf({}), '--base', folderOf(base), '--head', folderOf(head), '--format', 'json', ...args);

const parsed = (output: string) => JSON.parse(output);

describe('two folders', () => {
  test('are read like kubectl does: several documents, lists, three extensions, subfolders', () => {
    const list = `{"apiVersion": "v1", "kind": "List", "items": [${configMap('c')}, ${configMap('d')}]}`;
    const typed = `{"apiVersion": "v1", "kind": "ConfigMapList", "items": [{"metadata": {"name": "e", "namespace": "apps"}}]}`;
    const { code, output } = reviewOf(
      {},
      {
        'a.yaml': `# a comment\n---\n${configMap('a')}\n---\n# nothing\n---\n${configMap('b')}\n`,
        'b.json': list,
        'c.yml': typed,
        'sub/d.yaml': configMap('f'),
        'README.md': '# not a manifest',
        '.hidden/e.yaml': configMap('g'),
      },
    );
    const { clusters, objects } = parsed(output);

    expect(code).toBe(0);
    expect(objects).toEqual({ base: 0, head: 6 });
    expect(
      clusters.map(({ folder, created }: never) => [
        folder,
        (created as { name: string }[]).map(({ name }) => name),
      ]),
    ).toEqual([
      ['.', ['a', 'b', 'c', 'd', 'e']],
      ['sub', ['f']],
    ]);
  });

  test('may start with directives', () => {
    const text = `%YAML 1.1\n---\n${configMap('a')}\n...\n---\n${configMap('b')}\n`;

    expect(parsed(reviewOf({}, { 'a.yaml': text }).output).objects).toEqual({ base: 0, head: 2 });
  });

  test('are separate clusters, or one with --recursive', () => {
    const [base, head] = [{ 'a/x.yaml': configMap('x') }, { 'b/x.yaml': configMap('x') }];

    expect(parsed(reviewOf(base, head).output).effects).toEqual({ unknown: 1, live: 1 });
    expect(parsed(reviewOf(base, head, '--recursive').output).effects).toEqual({});
  });

  test('that are equal change nothing', () => {
    const { code, output } = reviewOf(
      { 'a.yaml': configMap('x') },
      { 'b.yaml': `# moved\n${configMap('x')}` },
    );

    expect(code).toBe(0);
    expect(parsed(output)).toMatchObject({ verdict: 'Nothing changes.', clusters: [] });
  });

  test('are parsed like kubectl: `on` is true, 0644 is octal, no digit is lost', () => {
    const object = (spec: string) =>
      `apiVersion: example.com/v1\nkind: X\nmetadata: {name: x}\nspec: ${spec}\n`;
    const { output } = reviewOf(
      { 'a.yaml': object('{a: on, b: 0644, c: 9007199254740993, d: 1:30}') },
      { 'a.yaml': object('{a: true, b: 420, c: 9007199254740992, d: "1:30"}') },
    );

    expect(parsed(output).clusters[0].findings[0].changes).toEqual([
      { type: 'changed', path: 'spec.c', old: '9007199254740993', new: '9007199254740992' },
    ]);
  });
});

describe('a revision', () => {
  const repository = () => {
    const folder = folderOf({
      'dist/a.yaml': configMap('x'),
      'dist/sub/b.yaml': configMap('y'),
      'other.yaml': '{',
    });
    git(folder, 'init', '--quiet');
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '-m', 'first');
    return folder;
  };

  test('is where this branch left main unless --base is set', () => {
    const folder = repository();
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    addFiles(folder, { 'dist/a.yaml': configMap('x', 'b') });
    git(folder, 'commit', '--quiet', '-am', 'second');
    git(folder, 'checkout', '--quiet', 'main');
    addFiles(folder, { 'dist/sub/b.yaml': configMap('y', 'other') });
    git(folder, 'commit', '--quiet', '-am', 'on main');
    git(folder, 'checkout', '--quiet', 'topic');
    const changed = (...args: string[]) =>
      parsed(runIn(folder, '--format', 'json', ...args).output).clusters.flatMap(
        (cluster: { changed: { name: string }[] }) => cluster.changed.map(({ name }) => name),
      );

    expect(changed()).toEqual(['x']);
    expect(changed('--base', 'main')).toEqual(['x', 'y']);
    expect(changed('--base', 'main', '--head', 'HEAD~1')).toEqual(['y']);
  });

  test.each([
    [
      'a revision that git does not know',
      ['--base', 'nowhere'],
      /^nowhere: neither a folder nor a Git revision\n$/,
    ],
    ['an option in its place', ['--base=--all'], /^--all: neither a folder/],
    [
      'a folder that the revision does not have',
      ['--folder', 'out', '--base', 'HEAD', '--head', 'dist'],
      /^revision HEAD \(\w{7}\) has no folder out; /,
    ],
  ])('is refused in one line: %s', (_, args, message) => {
    const { code, output, error } = runIn(repository(), ...args);

    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test('names the file and line of an error', () => {
    const folder = repository();
    addFiles(folder, { 'dist/a.yaml': 'a: [1' });
    git(folder, 'commit', '--quiet', '-am', 'broken');

    expect(runIn(folder, '--base', 'HEAD').error).toMatch(/^\w{7}:dist\/a\.yaml:1: invalid YAML: /);
  });
});

describe('invalid input exits with 2 and one line', () => {
  const object = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

  test.each<[string, Record<string, string | Buffer>, RegExp]>([
    ['broken YAML', { 'a.yaml': `${object('a')}---\nkind: X\n  bad: [\n` }, /a\.yaml:5: invalid YAML: /],
    ['a key that is there twice', { 'a.yaml': 'kind: A\nkind: B\n' }, /a\.yaml:2: invalid YAML: .*unique/],
    [
      'no kind',
      { 'kustomization.yaml': 'apiVersion: x/v1\nresources: []\n' },
      /kustomization\.yaml:1: not a Kubernetes object: kind is missing; /,
    ],
    ['no object', { 'a.json': '[]' }, /a\.json:1: not a Kubernetes object but a list\n/],
    [
      'no name',
      { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\n' },
      /a\.yaml:1: ConfigMap has no metadata\.name, /,
    ],
    [
      'two objects of one identity',
      { 'a.yaml': object('a'), 'b.yaml': `${object('b')}---\n# again\n${object('a')}` },
      /b\.yaml:6: ConfigMap a is already at .*a\.yaml:1; /,
    ],
    [
      'aliases that stand for more than memory holds',
      {
        'a.yaml': `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join('\n')}`,
      },
      /a\.yaml:1: invalid YAML: its aliases expand to more than 1000000 values/,
    ],
    ['another encoding', { 'a.yaml': Buffer.from([0xff, 0xfe, 0x41]) }, /a\.yaml: not UTF-8; /],
  ])('%s', (_, files, message) => {
    const { code, output, error } = reviewOf({}, files);

    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    [['--head', 'nowhere'], 'nowhere: neither a folder nor a Git revision'],
    [['--format', 'xml'], '--format xml: must be one of text, markdown, json'],
    [['--fail-on', 'fire'], '--fail-on fire: must be one of data-loss, refused, deletes, '],
    [['--today', 'now'], '--today now: must be a date such as 2026-11-24'],
    [['--bse', 'x'], "Unknown option '--bse'; see --help"],
    [['dist'], "Unexpected argument 'dist'"],
  ])('%j', (args, message) => {
    const { code, output, error } = runIn(folderOf({}), '--base', folderOf({}), ...args);

    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(error).toContain(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test('a file in place of a folder', () => {
    const file = join(folderOf({ 'a.yaml': configMap('a') }), 'a.yaml');

    expect(runIn(folderOf({}), '--base', file, '--head', file).error).toBe(
      `${file}: is a file; pass its folder\n`,
    );
  });

  test('a dangling link', () => {
    const folder = folderOf({});
    symlinkSync('nowhere', join(folder, 'a.yaml'));

    expect(runIn(folder, '--base', folder, '--head', folder).error).toBe(
      `${join(folder, 'a.yaml')}: no such file or folder\n`,
    );
  });
});

test('--fail-on turns findings into a failure without changing the report', () => {
  const [base, head] = [{ 'a.yaml': configMap('x') }, {}];
  const plain = reviewOf(base, head);

  expect(plain.code).toBe(0);
  expect(reviewOf(base, head, '--fail-on', 'data-loss,refused').code).toBe(0);
  expect(reviewOf(base, head, '--fail-on', 'refused,deletes')).toMatchObject({ code: 1, error: '' });
});

test('--help lists the options and exits with 0', () => {
  expect(runIn('.', '--help')).toMatchObject({
    code: 0,
    output: expect.stringContaining('--fail-on'),
    error: '',
  });
});
