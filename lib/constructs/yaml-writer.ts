import { stringify } from 'yaml';
import { type Anchors, anchorsOf, isCollection } from './yaml-anchors';
import { certainLines, isPlain, type YamlOptions } from './yaml-scalars';

/**
 * Writes block YAML with the same output as `stringify` of the package yaml, for plain data without shared objects.
 * It renders each pair of a key and a single value once, whatever its depth. Clusters of one repository and objects of
 * one cluster share most pairs, and rendering each of them takes half of a synth.
 *
 * @param anchors Whether a long object that several keys have, or an entry that several lists have, is written once, with an
 *   anchor, and referred to afterwards.
 */
export function yamlWriter(
  options: YamlOptions,
  { anchors: hasAnchors = false } = {},
): (data: object) => string {
  const known = new Map<string, readonly string[]>();
  /** Lines of a small piece of data, without indentation. */
  const linesOf = (key: string | undefined, value: unknown): readonly string[] => {
    const certain = certainLines(key, value, options);
    if (certain !== undefined) return certain;
    const id = `${key ?? ''}\u0000${key === undefined}\u0000${typeof value}\u0000${typeof value === 'object' ? JSON.stringify(value) : value}`;
    const found = known.get(id);
    if (found !== undefined) return found;
    const text = stringify(key === undefined ? [value] : { [key]: value }, options);
    const lines = text.slice(0, -1).split('\n');
    known.set(id, lines);
    return lines;
  };
  const keyOf = (key: string) =>
    isPlain(key) ? `${key}:` : (linesOf(key, 0)[0] ?? '').slice(0, -'0'.length).trimEnd();

  const write = (data: object, indent: string, out: string[], anchors: Anchors): void => {
    const piece = (key: string | undefined, value: unknown) => {
      for (const line of linesOf(key, value)) out.push(line === '' ? '' : indent + line);
    };
    if (Array.isArray(data)) {
      for (const item of data) {
        if (!isCollection(item)) {
          piece(undefined, item);
          continue;
        }
        const anchor = anchors.get(item);
        if (anchor !== undefined) {
          out.push(`${indent}- ${anchor.written ? '*' : '&'}${anchor.name}`);
          if (!anchor.written) {
            anchor.written = true;
            write(item, `${indent}  `, out, anchors);
          }
          continue;
        }
        const start = out.length;
        write(item, `${indent}  `, out, anchors);
        out[start] = `${indent}- ${out[start]?.slice(indent.length + 2)}`;
      }
      return;
    }
    for (const [key, value] of Object.entries(data)) {
      if (value === undefined) continue;
      if (!isCollection(value)) piece(key, value);
      else {
        const anchor = anchors.get(value);
        out.push(
          `${indent}${keyOf(key)}${anchor === undefined ? '' : ` ${anchor.written ? '*' : '&'}${anchor.name}`}`,
        );
        if (anchor?.written) continue;
        if (anchor) anchor.written = true;
        write(value, `${indent}  `, out, anchors);
      }
    }
  };
  return (data) => {
    if (!isCollection(data)) return stringify(data, options);
    const out: string[] = [];
    write(data, '', out, hasAnchors ? anchorsOf(data) : new Map());
    return `${out.join('\n')}\n`;
  };
}

/** Renders a manifest in the same format as cdk8s. */
export const manifestYaml = yamlWriter({ lineWidth: 0, version: '1.1' });
