import { EmbeddedDocument, isList, isMap, type Json, type JsonMap } from './json';
import { type KubernetesObject, typeOf } from './object';
import { parseYaml, YamlError } from './yaml';

/** Fields of a ConfigMap or Secret that contain its content, by file or key. */
export const CONTENT_SECTIONS = ['data', 'stringData', 'binaryData'];

/**
 * An object with embedded YAML and JSON as data: files of a ConfigMap or Secret whose name indicates the format, and
 * strings that contain a JSON map or list. A string that does not parse as one document stays a string.
 */
export function unfold(object: KubernetesObject): JsonMap {
  const type = typeOf(object);
  const content = object as unknown as JsonMap;
  if (type !== 'ConfigMap' && type !== 'Secret') return content;
  return {
    ...content,
    ...(isMap(content['data']) && { data: unfoldStrings(content['data'], type === 'Secret') }),
    ...(isMap(content['stringData']) && { stringData: unfoldStrings(content['stringData'], false) }),
  };
}

/** Cache of parsed content: dashboards are large and equal in many clusters, and several rules read them. */
const unfolded = new WeakMap<JsonMap, JsonMap>();

function unfoldStrings(strings: JsonMap, encoded: boolean): JsonMap {
  const known = unfolded.get(strings);
  if (known !== undefined) return known;
  const entries = Object.entries(strings).map(([name, value]) => {
    if (typeof value !== 'string') return [name, value];
    const text = encoded ? Buffer.from(value, 'base64').toString('utf8') : value;
    const data = readDocument(name, text);
    return [name, data === undefined ? value : new EmbeddedDocument(data, text)];
  });
  const documents: JsonMap = Object.fromEntries(entries);
  unfolded.set(strings, documents);
  return documents;
}

function readDocument(name: string, text: string): JsonMap | readonly Json[] | undefined {
  if (!/^\s*[[{]/.test(text) && !/\.(?:ya?ml|json)$/.test(name)) return undefined;
  try {
    const documents = parseYaml(text);
    const [data] = documents;
    return documents.length === 1 && (isMap(data) || isList(data)) ? data : undefined;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
