import { createColors } from 'picocolors';

/** A destination: standard output or standard error. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Whether output goes to an interactive terminal: no pipe, no CI, and no `NO_COLOR` (https://no-color.org). */
export function isInteractive({ isTTY }: Output, env: NodeJS.ProcessEnv = process.env): boolean {
  return isTTY === true && !env['NO_COLOR'] && !env['CI'] && env['TERM'] !== 'dumb';
}

const { bold, cyan, dim, green, red, yellow } = createColors(true);

/** Highlighted parts of reports and error lists, with their style. */
const STYLES: ReadonlyArray<readonly [RegExp, (text: string) => string]> = [
  [/^\S+:\d+:\d+:/gm, bold],
  [/^ok\b/gm, green],
  [/^(?:fail|FAIL)\b/gm, red],
  [/^(?:warn|unknown)\b/gm, yellow],
  [/^skip\b.*/gm, dim],
  [/^ +→ .*/gm, cyan],
  [/\bOUTAGE\b/g, red],
  [/^ {4,}- .*/gm, red],
  [/^ {4,}\+ .*/gm, green],
  [/^dist\/ is written:/gm, green],
];

/** Writes a string, with colors on a terminal. */
export function print(output: Output, text: string, env?: NodeJS.ProcessEnv): void {
  const styled = isInteractive(output, env)
    ? STYLES.reduce((before, [pattern, style]) => before.replaceAll(pattern, style), text)
    : text;
  output.write(styled);
}

const CLEAR_LINE = '\r\u001B[2K';

/**
 * Waits for a promise and shows progress on a terminal.
 *
 * @param waiting Returns the progress line for a number of elapsed seconds.
 */
export async function withProgress<T>(
  output: Output,
  waiting: (seconds: number) => string,
  work: Promise<T>,
  env?: NodeJS.ProcessEnv,
): Promise<T> {
  if (!isInteractive(output, env)) return work;
  const began = performance.now();
  const show = () =>
    output.write(`${CLEAR_LINE}${dim(waiting(Math.round((performance.now() - began) / 1000)))}`);
  show();
  const timer = setInterval(show, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    output.write(CLEAR_LINE);
  }
}
