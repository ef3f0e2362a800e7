import { stringify, type ToStringOptions } from 'yaml';

type Options = ToStringOptions & { readonly version?: '1.1'; readonly aliasDuplicateObjects?: boolean };

/**
 * Writes block YAML with the same output as `stringify` of the package yaml, for plain data without shared objects.
 * It renders each pair of a key and a single value once, whatever its depth. Clusters of one repository and objects of
 * one cluster share most pairs, and rendering each of them takes half of a synth.
 */
export function yamlWriter(options: Options): (data: object) => string {
  const known = new Map<string, readonly string[]>();
  /** Lines of a small piece of data, without indentation. */
  const linesOf = (key: string | undefined, value: unknown): readonly string[] => {
    const id = `${key ?? ''}\u0000${key === undefined}\u0000${typeof value}\u0000${typeof value === 'object' ? JSON.stringify(value) : value}`;
    const found = known.get(id);
    if (found !== undefined) return found;
    const text = stringify(key === undefined ? [value] : { [key]: value }, options);
    const lines = text.slice(0, -1).split('\n');
    known.set(id, lines);
    return lines;
  };
  const keyOf = (key: string) => (linesOf(key, 0)[0] ?? '').slice(0, -'0'.length).trimEnd();

  const write = (data: object, indent: string, out: string[]): void => {
    const piece = (key: string | undefined, value: unknown) => {
      for (const line of linesOf(key, value)) out.push(line === '' ? '' : indent + line);
    };
    if (Array.isArray(data)) {
      for (const item of data) {
        if (!isCollection(item)) {
          piece(undefined, item);
          continue;
        }
        const start = out.length;
        write(item, `${indent}  `, out);
        out[start] = `${indent}- ${out[start]?.slice(indent.length + 2)}`;
      }
      return;
    }
    for (const [key, value] of Object.entries(data)) {
      if (value === undefined) continue;
      if (!isCollection(value)) piece(key, value);
      else {
        out.push(indent + keyOf(key));
        write(value, `${indent}  `, out);
      }
    }
  };
  return (data) => {
    if (!isCollection(data)) return stringify(data, options);
    const out: string[] = [];
    write(data, '', out);
    return `${out.join('\n')}\n`;
  };
}

/** Whether data spans several lines, with one line or more per entry. */
function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => one !== undefined);
}

/** Renders a manifest in the same format as cdk8s. */
export const manifestYaml = yamlWriter({ lineWidth: 0, version: '1.1' });
