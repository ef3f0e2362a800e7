import { readFileSync } from 'node:fs';
import { run } from './sandbox';

let ticks: number | undefined;

/** Seconds of CPU time that a process has used, which another process on the same machine changes little. */
export function cpuSeconds(pid: number): number {
  ticks ??= Number(run('getconf', 'CLK_TCK'));
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
