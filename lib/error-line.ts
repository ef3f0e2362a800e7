import { LockedError } from './files/lock';
import { ValuesError } from './values/problem';
import { reason } from './values/read-text';

/**
 * The message for an error that is not a bug in this product: invalid values, a file that cannot be read or written,
 * another running process.
 *
 * @throws The error itself if it is anything else.
 */
export function errorLine(error: unknown): string {
  if (error instanceof ValuesError || error instanceof LockedError) return error.message;
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined || path === undefined) throw error;
  return `${path}: ${reason(error)}`;
}
