import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import type { core, z } from 'zod';
import { formatProblem, type Problem, ValuesError } from './problem';
import { smallestFile } from './smallest-file';
import { dotted, ValuesSource } from './source';
import { whyUnknown } from './unknown-key';

/** The settings of a values file, and the position of each. */
export interface ReadValues<S> {
  readonly settings: S;
  readonly source: ValuesSource;
}

/**
 * Reads a values file into settings.
 *
 * @param file Path of the file, as messages name it.
 * @param schema The schema of the file; its output is the settings.
 * @throws ValuesError with every mistake in the file.
 */
export function readValues<S extends z.ZodType>(file: string, schema: S): ReadValues<z.output<S>> {
  return read(file, readText(file), schema);
}

/** The settings of a string that is already in memory; as {@link readValues}. */
export function parseValues<S extends z.ZodType>(file: string, text: string, schema: S): z.output<S> {
  return read(file, text, schema).settings;
}

function read<S extends z.ZodType>(file: string, text: string, schema: S): ReadValues<z.output<S>> {
  const { source, problems, readable } = ValuesSource.parse(file, text);
  if (!readable) throw new ValuesError(inOrder(problems));

  const result = schema.safeParse(source.data);
  if (result.success && problems.length === 0) return { settings: result.data, source };
  if (source.isEmpty)
    throw new ValuesError([
      source.problemOfFile(`the file is empty; the smallest one is\n\n${smallestFile(schema)}\n`),
    ]);
  const issues = result.error?.issues ?? [];
  throw new ValuesError(
    inOrder([...problems, ...issues.flatMap((issue) => describe(issue, source, schema))]),
  );
}

function readText(file: string): string {
  const refuse = (why: string) =>
    new ValuesError([{ file, line: 1, column: 1, message: `cannot be read: ${why}` }]);
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    const dangling = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() && !existsSync(file);
    throw refuse(dangling ? 'it is a link to a file that does not exist' : reason(error));
  }
  if (!isUtf8(content)) throw refuse('it is not UTF-8 text; save it as UTF-8');
  return content.toString('utf8').replace(/^\uFEFF/, '');
}

/** The reason for a system error, in plain words where possible. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
    ENOENT: 'it does not exist',
    ENOSPC: 'no space is left on the device',
    EROFS: 'the file system is read-only',
  };
  return words[code ?? ''] ?? message;
}

/** The problems in file order, without duplicates: two checks may reject one value with the same message. */
function inOrder(problems: Problem[]): Problem[] {
  const once = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The problems for one issue of the schema library, with this product's messages. */
function describe(issue: core.$ZodIssue, source: ValuesSource, schema: z.ZodType): Problem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const why = whyUnknown(key, schema, path, source);
      return source.problemAtKey([...path, key], `${dotted([...path, key])} ${why}`);
    });
  }
  const name = path.length === 0 ? 'the file' : dotted(path);
  if (issue.code === 'invalid_key') {
    return [source.problemAtKey(path, `the key of ${name} ${issue.issues[0]?.message}`)];
  }
  if (source.valueAt(path) !== undefined) {
    // The written value comes before the suggestion.
    const [wrong, ...meant] = expectation(issue).split(/(?=; did you mean )/);
    return [source.problem(path, `${name} ${wrong}${got(issue, source)}${meant.join('')}`)];
  }
  if (issue.code === 'custom') {
    return [source.problem(writtenCause(issue, source), `${name} ${issue.message}`)];
  }
  return [source.problem(path, `${name} is missing; it ${expectation(issue)}`)];
}

/** The written value, where it says more than the position. */
function got(issue: core.$ZodIssue, source: ValuesSource): string {
  const written = source.valueAt(issue.path);
  if (issue.code === 'custom' && typeof written === 'object') return '';
  const quotes =
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    typeof written === 'number' &&
    !issue.message.includes('did you mean');
  return `, got ${source.textAt(issue.path)}${quotes ? '; write it in quotes' : ''}`;
}

/** The first setting of a contradiction that the file mentions. */
function writtenCause({ path, params }: core.$ZodIssueCustom, source: ValuesSource): readonly PropertyKey[] {
  const reads: string[][] = params?.['reads'] ?? [];
  const section = path.slice(0, path.length - (reads[0]?.length ?? 0));
  return source.firstWritten(reads.map((read) => [...section, ...read])) ?? path;
}

function expectation(issue: core.$ZodIssue): string {
  if (issue.message.startsWith('must ')) return issue.message;
  if (issue.code === 'invalid_type') return `must be ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'invalid_union' && 'options' in issue && issue.options)
    return `must be one of ${issue.options.filter((option) => option !== undefined).join(', ')}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return `must be right: ${issue.message}`;
}

const TYPE_NAMES: Record<string, string> = {
  object: 'a map of settings',
  record: 'a map of settings',
  array: 'a list',
  string: 'a string',
  boolean: 'true or false',
};
