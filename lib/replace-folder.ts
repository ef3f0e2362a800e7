import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';

/**
 * Makes a folder the copy of another. What was there before stays until the
 * copy is complete, and nothing of it is left behind.
 */
export function replaceFolder(folder: string, source: string): void {
  const [next, previous] = [`${folder}.new`, `${folder}.old`];
  for (const leftover of [next, previous]) rmSync(leftover, { recursive: true, force: true });
  cpSync(source, next, { recursive: true });
  if (existsSync(folder)) renameSync(folder, previous);
  renameSync(next, folder);
  rmSync(previous, { recursive: true, force: true });
}
