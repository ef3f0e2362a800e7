import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Thrown when another process holds a lock. */
export class LockedError extends Error {}

/**
 * Runs work that only one process may do at a time. The lock of a process that no longer runs is ignored.
 *
 * @param file Path of the lock file.
 * @throws LockedError while another process holds the lock.
 */
export function withLock<T>(file: string, work: () => T): T {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = readPid(file);
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

function readPid(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR')
      throw new LockedError(`${file}: is a folder, not a lock; delete it`);
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
