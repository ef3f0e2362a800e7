/** One mistake in a values file, at the place where a person can mend it. */
export interface Problem {
  /** The values file, as the person named it. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** What is wrong, and the cure. */
  readonly message: string;
}

/** Thrown when values files hold mistakes; carries all of them. */
export class ValuesError extends Error {
  constructor(public readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ValuesError';
  }
}

/** A problem as editors and terminals can follow it: `file:line:column: message`. */
export function formatProblem({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}
