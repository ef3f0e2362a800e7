import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';

/**
 * Replaces a folder by another that is written from scratch. What was there
 * before stays until the new one is complete, and nothing of it is left behind;
 * if the new one fails, nothing of that is.
 *
 * @param write Writes the new folder, at the path that it is given.
 * @returns What `write` returned.
 */
export function replaceFolder<T>(folder: string, write: (path: string) => T): T {
  // A link stays one, to a folder that is replaced.
  const target = existsSync(folder) ? realpathSync(folder) : folder;
  const [next, previous] = [`${target}.new`, `${target}.old`];
  const remove = (path: string) => rmSync(path, { recursive: true, force: true });
  remove(next);
  try {
    const written = write(next);
    remove(previous);
    if (existsSync(target)) renameSync(target, previous);
    renameSync(next, target);
    remove(previous);
    return written;
  } finally {
    remove(next);
  }
}
