import { existsSync, renameSync, rmSync } from 'node:fs';

/**
 * Replaces a folder by another that is written from scratch. What was there
 * before stays until the new one is complete, and nothing of it is left behind;
 * if the new one fails, nothing of that is.
 *
 * @param write Writes the new folder, at the path that it is given.
 * @returns What `write` returned.
 */
export function replaceFolder<T>(folder: string, write: (path: string) => T): T {
  const [next, previous] = [`${folder}.new`, `${folder}.old`];
  const remove = (path: string) => rmSync(path, { recursive: true, force: true });
  remove(next);
  try {
    const written = write(next);
    remove(previous);
    if (existsSync(folder)) renameSync(folder, previous);
    renameSync(next, folder);
    remove(previous);
    return written;
  } finally {
    remove(next);
  }
}
