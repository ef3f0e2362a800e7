import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { ValuesError } from './problem';

/**
 * The text of a values file.
 *
 * @throws ValuesError if it cannot be read.
 */
export function readText(file: string): string {
  const refuse = (why: string) =>
    new ValuesError([{ file, line: 1, column: 1, message: `cannot be read: ${why}` }]);
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    const dangling = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() && !existsSync(file);
    throw refuse(dangling ? 'it is a link to a file that does not exist' : reason(error));
  }
  if (!isUtf8(content)) throw refuse('it is not UTF-8 text; save it as UTF-8');
  return content.toString('utf8').replace(/^\uFEFF/, '');
}

/** The reason for a system error, in plain words where possible. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    EISDIR: 'it is a folder',
    ENOTDIR: 'it is a file, not a folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'it does not exist',
    ENOSPC: 'no space is left on the device',
    EROFS: 'the file system is read-only',
    EBUSY: 'another program is using it; close that program and try again',
    ELOOP: 'its links form a loop',
  };
  return words[code ?? ''] ?? message;
}
