import { spawn } from 'node:child_process';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of the project as a person would, with the programs of the run on PATH.
 *
 * @param cwd The folder that it is typed in. @default that of this project
 * @param interruptAt Sends the signal of Ctrl-C when the command has printed this.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  {
    input = '',
    interruptAt,
    env = {},
    cwd = process.cwd(),
  }: { input?: string; interruptAt?: string; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Ended> {
  const { STACK_BIN = '', PATH = '' } = process.env;
  const all = { ...process.env, PATH: `${STACK_BIN}:${PATH}`, HOME: '/nonexistent', ...env };
  return new Promise((resolve, reject) => {
    // Detached, as a terminal sends Ctrl-C to the whole group.
    const child = spawn(command, args, { env: all, cwd, detached: true });
    const printed = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      printed.stdout += chunk;
      if (interruptAt !== undefined && child.pid && printed.stdout.includes(interruptAt))
        process.kill(-child.pid, 'SIGINT');
    });
    child.stderr.on('data', (chunk) => {
      printed.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...printed }));
    child.stdin.end(input);
  });
}
