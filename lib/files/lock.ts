import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Thrown when another process holds a lock. */
export class LockedError extends Error {}

/**
 * Does some work that no two processes may do at once. A lock of a process that has ended does not count.
 *
 * @param file Path of the file that is there meanwhile.
 * @throws LockedError when another process is at it.
 */
export function withLock<T>(file: string, work: () => T): T {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = Number(readFileSync(file, 'utf8'));
    if (isRunning(pid))
      throw new LockedError(`${file}: process ${pid} is already rendering; wait for it, or delete this file`);
    rmSync(file, { force: true });
    return withLock(file, work);
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but exists.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
