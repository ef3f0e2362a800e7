import { posix } from 'node:path';
import { isScalar } from 'yaml';
import { text } from './fields';
import { type Problem, ValuesError } from './problem';
import { readText } from './read-text';
import { EXTENDS, ValuesFile } from './values-file';

/** Whether a file contains only values for others to extend, and describes no cluster. */
export function isBase(path: string): boolean {
  return posix.basename(path).startsWith('_');
}

/** The values that {@link EXTENDS} accepts. */
export const extendsField = text(
  'the path of a file whose name starts with "_", relative to this file, such as "_base.yaml" or "../_base.yaml"',
  /^(?!\/)(?:[\w.-]+\/)*_[\w.-]+\.yaml$/,
  1024,
).describe(
  'Base file, relative to this file. Its name starts with "_", so it describes no cluster. Maps are merged; lists and single values of this file replace those of the base.',
);

/** Base files that were already read, by path. Many clusters extend the same file. */
export type KnownBases = Map<string, ReturnType<typeof ValuesFile.parse>>;

/** A cluster's own file, followed by each file that the one before extends. */
export interface Chain {
  readonly files: readonly [ValuesFile, ...ValuesFile[]];
  readonly problems: readonly Problem[];
  /** Whether the settings can be checked despite the problems. */
  readonly readable: boolean;
}

/**
 * Parses the text of a values file and reads the files that it extends.
 *
 * @param known Base files that were already read; this function adds those that it reads.
 */
export function readChain(name: string, content: string, known: KnownBases): Chain {
  const own = ValuesFile.parse(name, content);
  const files: [ValuesFile, ...ValuesFile[]] = [own.file];
  const problems = [...own.problems];
  let { readable } = own;
  const fail = (found: readonly Problem[]) => {
    problems.push(...found);
    return { files, problems, readable: false };
  };
  for (let file: ValuesFile | undefined = own.file; file && readable; ) {
    const node = file.nodeAt([EXTENDS]);
    if (node === undefined) break;
    const here = (message: string) => [file?.problem(node.range?.[0], `${EXTENDS} ${message}`) as Problem];
    const value = isScalar(node) ? node.value : node;
    const checked = extendsField.safeParse(value);
    if (!checked.success) {
      const got = isScalar(node) ? (node.source ?? 'null') || 'null' : 'a map or a list';
      return fail(
        here(
          `${checked.error.issues[0]?.message}, got ${typeof value === 'string' ? JSON.stringify(value) : got}`,
        ),
      );
    }
    const path = posix.join(posix.dirname(file.name), checked.data);
    if (files.some((one) => one.name === path))
      return fail(
        here(`must not lead back to ${path}: ${[...files.map((one) => one.name), path].join(' → ')}`),
      );
    let base: ReturnType<typeof ValuesFile.parse>;
    try {
      base = known.get(path) ?? ValuesFile.parse(path, readText(path));
    } catch (error) {
      if (!(error instanceof ValuesError)) throw error;
      return fail(error.problems.flatMap(({ message }) => here(`names ${path}, which ${message}`)));
    }
    known.set(path, base);
    problems.push(...base.problems);
    files.push(base.file);
    readable &&= base.readable;
    file = base.file;
  }
  return { files, problems, readable };
}
