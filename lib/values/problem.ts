/** One mistake in a values file, at the place to fix. */
export interface Problem {
  /** The values file, as the user named it. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** What is wrong, and the fix. */
  readonly message: string;
}

/** Thrown when values files contain mistakes; contains all of them. */
export class ValuesError extends Error {
  constructor(public readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ValuesError';
  }
}

/** A problem in the format that editors and terminals link to the file: `file:line:column: message`. */
export function formatProblem({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}
