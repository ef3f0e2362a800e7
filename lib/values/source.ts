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

/** A values file that is well-formed YAML, with the line of each setting. */
export class ValuesSource {
  private constructor(
    private readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** Parses the text of a values file; YAML features that a values file must not use are problems. */
  public static parse(
    file: string,
    text: string,
  ): { source: ValuesSource; problems: Problem[]; readable: boolean } {
    const lines = new LineCounter();
    const [first, second] = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
    }) as Document.Parsed[];
    // A file with only comments contains no document: it uses every default.
    const source = new ValuesSource(file, first ?? new Document({}), lines);
    const errors = [
      ...(first?.errors ?? []),
      ...(first?.warnings ?? []).filter(({ code }) => code !== 'TAG_RESOLVE_FAILED'),
    ].map(({ pos, code, message }) => source.problemAt(pos[0], yamlMessage(code, message)));
    const unreadable = [...errors, ...source.misleading(text)];
    const problems = [...unreadable, ...source.oddities()];
    if (second) {
      const message =
        'a second YAML document starts here; a values file contains only one, so move it to a separate file';
      problems.push(source.problemAt(second.range[0], message));
    }
    return { source, problems, readable: unreadable.length === 0 };
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

  /** Content of the file, as plain data. */
  public get data(): unknown {
    return this.document.toJS({ maxAliasCount: 0 }) ?? {};
  }

  /** The value written at a path, or undefined if the file does not mention it. */
  public valueAt(path: readonly PropertyKey[]): unknown {
    return this.nodeAt(path)?.toJS(this.document);
  }

  /** The value at a path, for a message: a string in quotes, a number as it was typed. */
  public textAt(path: readonly PropertyKey[]): string {
    const node = this.nodeAt(path);
    if (!isScalar(node)) return isMap(node) ? 'a map' : 'a list';
    return typeof node.value === 'string' ? JSON.stringify(node.value) : (node.source ?? 'null') || 'null';
  }

  private nodeAt(path: readonly PropertyKey[]): Node | undefined {
    const node = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }

  /** A problem at the value of a setting, or at the nearest parent map that the file mentions. */
  public problem(path: readonly PropertyKey[], message: string): Problem {
    for (let length = path.length; length > 0; length--) {
      const node = this.document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.problemAt(node.range[0], message);
      const key = this.keyNode(path.slice(0, length));
      if (key?.range) return this.problemAt(key.range[0], message);
    }
    return this.problemAt(this.document.contents?.range?.[0] ?? 0, message);
  }

  /**
   * A problem between settings, such as one found in their rendered manifests.
   *
   * @param reads Settings that cause it, as dotted paths. The message names the first one; the position is that of the
   *   first one that is written.
   * @param message The end of the sentence "<first setting> must be …".
   */
  public contradiction(reads: readonly [string, ...string[]], message: string): Problem {
    const paths = reads.map((read) => read.split('.'));
    return this.problem(this.firstWritten(paths) ?? paths[0] ?? [], `${reads[0]} ${message}`);
  }

  /** The first of some paths that the file mentions. */
  public firstWritten(paths: ReadonlyArray<readonly PropertyKey[]>): readonly PropertyKey[] | undefined {
    return paths.find((path) => this.valueAt(path) !== undefined);
  }

  /** A problem of the file as a whole. */
  public problemOfFile(message: string): Problem {
    return this.problemAt(0, message);
  }

  /** A problem at the key of a setting, for keys that should not be there. */
  public problemAtKey(path: readonly PropertyKey[], message: string): Problem {
    return this.problemAt(this.keyNode(path)?.range?.[0] ?? 0, message);
  }

  private keyNode(path: readonly PropertyKey[]): Node | undefined {
    const parent = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    return pair && isNode(pair.key) ? pair.key : undefined;
  }

  /** YAML features that a reviewer should not have to know: each value is written where it applies. */
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
      problems.push(this.problemAt(0, 'a %YAML directive is not allowed in a values file; remove it'));
    return problems;
  }

  /** As {@link oddities}, for features that make the data differ from the text, so that settings cannot be checked. */
  private misleading(text: string): Problem[] {
    const problems: Problem[] = [];
    visit(this.document, {
      Alias: (_, node) => {
        problems.push(this.refusal(node, `the alias "*${node.source}"`, 'write the value out'));
      },
      Pair: (_, { key }) => {
        if (isScalar(key) && key.source === '<<')
          problems.push(this.refusal(key, 'the merge key "<<"', 'write the value out'));
        else if (isNode(key) && !isAlias(key) && !(isScalar(key) && typeof key.value === 'string'))
          problems.push(this.refusal(key, 'a key that is not a string', 'use the name of a setting'));
      },
      Scalar: (_, { type, range }) => {
        if (type !== 'PLAIN' || !range) return;
        const found = ODD_SPACE.exec(text.slice(range[0], range[1]));
        if (!found) return;
        const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
        const message = `this is not a space, but the character U+${code}, which YAML treats as a letter; type a space`;
        problems.push(this.problemAt(range[0] + found.index, message));
      },
    });
    return problems;
  }

  private refusal(node: Node, what: string, fix: string): Problem {
    return this.problemAt(node.range?.[0] ?? 0, `${what} is not allowed in a values file; ${fix}`);
  }

  private problemAt(offset: number, message: string): Problem {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), message };
  }
}

/** Spaces other than the ASCII space, and zero-width characters. */
const ODD_SPACE = /[\u00a0\u2000-\u200d\u202f\u205f\u3000\ufeff]/;

function yamlMessage(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'duplicate key; remove one';
  return `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** A path in dotted notation: `ingress.allowedCidrs[0]`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
