import type { core, z } from 'zod';
import { alternativesOf, inheritedLeftovers } from './alternatives';
import { type KnownBases, readChain } from './extends';
import { formatProblem, type Problem, ValuesError } from './problem';
import { readText } from './read-text';
import { smallestFile } from './smallest-file';
import { dotted, ValuesSource } from './source';
import { meantWord } from './suggest';
import { whyUnknown } from './unknown-key';

/** The settings of a values file, and the position of each setting. */
export interface ReadValues<S> {
  readonly settings: S;
  readonly source: ValuesSource;
}

/**
 * Reads a values file and the files that it extends into settings.
 *
 * @param file Path of the file, as shown in messages.
 * @param schema The schema of the file; its output is the settings.
 * @param known Base files that were already read.
 * @throws ValuesError with every mistake in the files.
 */
export function readValues<S extends z.ZodType>(
  file: string,
  schema: S,
  known: KnownBases = new Map(),
): ReadValues<z.output<S>> {
  return read(file, readText(file), schema, known);
}

/** Like {@link readValues}, for a string that is already in memory. */
export function parseValues<S extends z.ZodType>(file: string, text: string, schema: S): z.output<S> {
  return read(file, text, schema, new Map()).settings;
}

function read<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  known: KnownBases,
): ReadValues<z.output<S>> {
  const { files, problems, readable } = readChain(file, text, known);
  if (!readable) throw new ValuesError(inOrder(problems));

  let source = new ValuesSource(files);
  let result = schema.safeParse(source.data);
  const leftovers = inheritedLeftovers(result.error?.issues ?? [], schema, source);
  if (leftovers.length > 0) {
    source = new ValuesSource(files, leftovers);
    result = schema.safeParse(source.data);
  }
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

/** The problems file by file, in order, without duplicates: two checks may reject one value with the same message. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  const files = [...new Set(problems.map(({ file }) => file))];
  return [...once.values()].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
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
    const [wrong, ...meant] = expectation(issue, source).split(/(?=; did you mean )/);
    const cause = issue.code === 'custom' ? writtenCause(issue, source) : path;
    return [source.problem(cause, `${name} ${wrong}${got(issue, source, schema)}${meant.join('')}`)];
  }
  if (issue.code === 'custom') {
    return [source.problem(writtenCause(issue, source), `${name} ${issue.message}`)];
  }
  const expected = `${expectation(issue, source)}${alternativesOf(schema, path, source)}`;
  return [source.problemOfMissing(path, `${name} is missing; it ${expected}`)];
}

/** The written value, if it adds information to the position. */
function got(issue: core.$ZodIssue, source: ValuesSource, schema: z.ZodType): string {
  const written = source.valueAt(issue.path);
  if (issue.code === 'custom' && typeof written === 'object') return '';
  const text = source.textAt(issue.path);
  return `, got ${text}${issue.code === 'invalid_type' ? fixOfType(issue, written, text, source, schema) : ''}`;
}

/** The fix for a value of the wrong type, if only quotes or a space are missing. */
function fixOfType(
  { expected, path }: core.$ZodIssueInvalidType,
  written: unknown,
  text: string,
  source: ValuesSource,
  schema: z.ZodType,
): string {
  if (expected === 'object' && typeof written === 'string' && /^[\w-]+:\S/.test(written))
    return '; type a space after the colon';
  if (expected !== 'string' || typeof written !== 'number') return '';
  const { error } = schema.safeParse(source.with(path, text));
  const isRefused = error?.issues.some((issue) => dotted(issue.path) === dotted(path)) ?? false;
  return isRefused ? '' : '; write it in quotes';
}

/** The setting of a contradiction that is defined in the file closest to the cluster. */
function writtenCause({ path, params }: core.$ZodIssueCustom, source: ValuesSource): readonly PropertyKey[] {
  const reads: string[][] = params?.['reads'] ?? [];
  const section = path.slice(0, path.length - (reads[0]?.length ?? 0));
  return source.firstWritten(reads.map((read) => [...section, ...read])) ?? path;
}

function expectation(issue: core.$ZodIssue, source: ValuesSource): string {
  if (issue.message.startsWith('must ')) return issue.message;
  if (issue.code === 'invalid_type') return `must be ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'invalid_union' && 'options' in issue && issue.options) {
    const options = issue.options.filter((option) => option !== undefined).map(String);
    const meant = meantWord(source.valueAt(issue.path), options);
    return `must be one of ${options.join(', ')}${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
  }
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
