/** One mistake in a values file, at the place to fix. */
export interface Problem {
  /** The values file, as the user named it. */
  readonly file: string;
  /** Line number, starting at 1. */
  readonly line: number;
  /** Column number, starting at 1. */
  readonly column: number;
  /** What is wrong, and the fix. */
  readonly message: string;
  /** The cluster's values file, if the mistake is in a file that it extends. */
  readonly extendedBy?: string;
}

/** Maximum number of clusters that a message names. */
const MAX_NAMES = 3;

/** Thrown when values files contain mistakes; contains all of them. */
export class ValuesError extends Error {
  constructor(public readonly problems: readonly Problem[]) {
    super(lines(problems).join('\n'));
    this.name = 'ValuesError';
  }
}

/** A problem in the format that editors and terminals link to the file: `file:line:column: message`. */
export function formatProblem({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** One line per problem; a mistake in a file that many clusters extend appears once. */
function lines(problems: readonly Problem[]): string[] {
  const clusters = new Map<string, Set<string>>();
  for (const problem of problems) {
    const line = formatProblem(problem);
    const names = clusters.get(line) ?? new Set();
    clusters.set(line, problem.extendedBy === undefined ? names : names.add(problem.extendedBy));
  }
  return [...clusters].map(([line, names]) =>
    names.size === 0 ? line : `${line} (${extended([...names])})`,
  );
}

function extended(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `extended by ${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
