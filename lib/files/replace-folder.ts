import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';

/**
 * Replaces a folder with a newly written one. The old folder remains until the new one is complete. If writing fails,
 * the old folder is unchanged and nothing of the new one is left.
 *
 * @param write Writes the new folder to the given path.
 * @returns What `write` returned.
 */
export function replaceFolder<T>(folder: string, write: (path: string) => T): T {
  // A link stays a link, and its target is replaced.
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
