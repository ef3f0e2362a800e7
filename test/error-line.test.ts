import { expect, test } from '@jest/globals';
import { errorLine } from '../lib/error-line';
import { ValuesError } from '../lib/values/problem';

const systemError = (code: string) =>
  Object.assign(new Error(`${code}: in the words of Node`), { code, syscall: 'rename', path: 'dist' });

test.each([
  ['EACCES', 'dist: permission denied'],
  ['EROFS', 'dist: the file system is read-only'],
  ['ENOSPC', 'dist: no space is left on the device'],
  ['ENOTDIR', 'dist: it is a file, not a folder'],
  ['EPERM', 'dist: permission denied'],
  ['EBUSY', 'dist: another program is using it; close that program and try again'],
  ['EIO', 'dist: EIO: in the words of Node'],
])('a file that fails with %s is one line', (code, line) => {
  expect(errorLine(systemError(code))).toBe(line);
});

test('mistakes in values are lines, and a bug in this product remains an exception', () => {
  const problem = { file: 'values/a.yaml', line: 1, column: 2, message: 'must be right' };

  expect(errorLine(new ValuesError([problem, { ...problem, line: 3 }])).split('\n')).toHaveLength(2);
  expect(() => errorLine(new TypeError('undefined is not a function'))).toThrow(
    'undefined is not a function',
  );
});
