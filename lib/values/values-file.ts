import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import type { Problem } from './problem';
import { codePoint, ODD_SPACE, typingMistakes } from './typing-mistakes';

/** The key of a values file that names the file it extends. */
export const EXTENDS = 'extends';

/** One values file that is well-formed YAML, with the position of each setting. */
export class ValuesFile {
  private constructor(
    public readonly name: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** Parses the text of a values file. YAML features that values files must not use are reported as problems. */
  public static parse(
    name: string,
    text: string,
  ): { file: ValuesFile; problems: Problem[]; readable: boolean } {
    const lines = new LineCounter();
    const [first, second] = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
    }) as Document.Parsed[];
    // A file that contains only comments has no document: it uses every default.
    const file = new ValuesFile(name, first ?? new Document({}), lines);
    const typed = typingMistakes(text).map(({ offset, message }) => file.problem(offset, message));
    const misleading = [...typed, ...file.misleading(text)];
    const errors = [
      ...(first?.errors ?? []),
      ...(first?.warnings ?? []).filter(({ code }) => code !== 'TAG_RESOLVE_FAILED'),
    ];
    const problemsOf = (some: typeof errors) =>
      some.map(({ pos, code, message }) => file.problem(pos[0], yamlMessage(code, message)));
    const duplicates = problemsOf(errors.filter(({ code }) => code === DUPLICATE));
    const [syntax] = problemsOf(errors.filter(({ code }) => code !== DUPLICATE));
    // Later syntax errors, and those after a misleading character, are usually consequences of the first mistake.
    const unreadable = [...misleading, ...duplicates, ...(syntax && misleading.length === 0 ? [syntax] : [])];
    const problems = [...unreadable, ...file.oddities()];
    if (second) {
      const message =
        'a second YAML document starts here; a values file contains only one, so move it to a separate file';
      problems.push(file.problem(second.range[0], message));
    }
    return { file, problems, readable: unreadable.length === 0 };
  }

  /** Whether the file contains only comments. */
  public get isEmpty(): boolean {
    const { contents } = this.document;
    return isMap(contents)
      ? contents.items.length === 0
      : isScalar(contents)
        ? contents.value === null
        : !contents;
  }

  /** Settings in the file, as plain data. */
  public get settings(): unknown {
    const data: unknown = this.document.toJS({ maxAliasCount: 0 }) ?? {};
    if (typeof data === 'object' && data !== null && EXTENDS in data) delete data[EXTENDS];
    return data;
  }

  /** The node of the value at a path, or undefined if the file does not mention it. */
  public nodeAt(path: readonly PropertyKey[]): Node | undefined {
    const node = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }

  /** The node of the key at a path, or undefined if the file does not mention it. */
  public keyNode(path: readonly PropertyKey[]): Node | undefined {
    const parent = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    return pair && isNode(pair.key) ? pair.key : undefined;
  }

  /** A problem at an offset, or at the start of the file. */
  public problem(offset: number | undefined, message: string): Problem {
    const { line, col } = this.lines.linePos(offset ?? this.document.contents?.range?.[0] ?? 0);
    return { file: this.name, line: Math.max(line, 1), column: Math.max(col, 1), message };
  }

  /** YAML features that a reviewer should not need to know: each value is written where it applies. */
  private oddities(): Problem[] {
    const problems: Problem[] = [];
    visit(this.document, {
      Node: (_, node) => {
        if ((isScalar(node) || isCollection(node)) && node.anchor)
          problems.push(this.refusal(node, `the anchor "&${node.anchor}"`, 'write the value out'));
        else if (isNode(node) && node.tag !== undefined)
          problems.push(this.refusal(node, `the tag "${node.tag}"`, 'remove it'));
      },
    });
    if (this.document.directives?.yaml.explicit)
      problems.push(this.problem(0, 'a %YAML directive is not allowed in a values file; remove it'));
    return problems;
  }

  /** Like {@link oddities}, for features that make data and text differ, so that settings cannot be checked. */
  private misleading(text: string): Problem[] {
    const problems: Problem[] = [];
    visit(this.document, {
      Alias: (_, node) => {
        const fix = 'write the value out, or quote a string that begins with *';
        problems.push(this.refusal(node, `the alias "*${node.source}"`, fix));
      },
      Pair: (_, { key }) => {
        if (isScalar(key) && key.source === '<<')
          problems.push(this.refusal(key, 'the merge key "<<"', 'write the value out'));
        else if (isMap(key) && key.flow)
          problems.push(this.problem(key.range?.[0], 'templates are not evaluated; write the value out'));
        else if (isNode(key) && !isAlias(key) && !(isScalar(key) && typeof key.value === 'string'))
          problems.push(this.refusal(key, 'a key that is not a string', 'use the name of a setting'));
      },
      Scalar: (_, { type, range, source = '' }) => {
        if (type !== 'PLAIN' || !range) return;
        if (OCTAL.test(source)) {
          const message = `${source} is octal for some YAML parsers; remove the leading zero, or quote a string`;
          problems.push(this.problem(range[0], message));
        }
        const found = ODD_SPACE.exec(text.slice(range[0], range[1]));
        if (!found) return;
        const message = `this is not a space, but the character ${codePoint(found[0])}, which YAML treats as a letter; type a space`;
        problems.push(this.problem(range[0] + found.index, message));
      },
    });
    return problems;
  }

  private refusal(node: Node, what: string, fix: string): Problem {
    return this.problem(node.range?.[0] ?? 0, `${what} is not allowed in a values file; ${fix}`);
  }
}

const DUPLICATE = 'DUPLICATE_KEY';

/** Octal in YAML 1.1, which kubectl uses; decimal or a string in YAML 1.2, which this product uses. */
const OCTAL = /^[-+]?0(?:\d+|o[0-7]+)$/;

function yamlMessage(code: string, message: string): string {
  if (code === DUPLICATE) return 'duplicate key; remove one';
  return `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
