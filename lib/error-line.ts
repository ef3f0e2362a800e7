import { LockedError } from './files/lock';
import { ValuesError } from './values/problem';
import { reason } from './values/read-values';

/**
 * What a person is told of an error that is not a fault of this product: mistakes in values, a file that cannot be
 * read or written, another process at work.
 *
 * @throws The error itself when it is anything else.
 */
export function errorLine(error: unknown): string {
  if (error instanceof ValuesError || error instanceof LockedError) return error.message;
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined || path === undefined) throw error;
  return `${path}: ${reason(error)}`;
}
