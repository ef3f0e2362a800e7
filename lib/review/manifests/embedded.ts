import { EmbeddedDocument, isList, isMap, type Json, type JsonMap, mapAt } from './json';
import type { Manifest } from './manifest';
import { parseYaml, YamlError } from './yaml';

/** Digits that a double cannot hold; such a text is read by the YAML parser, which can. */
const LONG_NUMBER = /\d{16}/;

/**
 * The content of an object, with the texts in it that are YAML or JSON as data: of a ConfigMap or Secret, files whose
 * name says so and texts that are JSON maps or lists. What cannot be read as one document stays a text.
 */
export function unfold({ kind, apiVersion, content }: Manifest): JsonMap {
  if (apiVersion !== 'v1' || (kind !== 'ConfigMap' && kind !== 'Secret')) return content;
  const known = unfolded.get(content);
  if (known !== undefined) return known;
  const sections: JsonMap = {
    ...(isMap(content['data']) && { data: unfoldTexts(mapAt(content, 'data'), kind === 'Secret') }),
    ...(isMap(content['stringData']) && { stringData: unfoldTexts(mapAt(content, 'stringData'), false) }),
  };
  const whole = { ...content, ...sections };
  unfolded.set(content, whole);
  return whole;
}

/** What was read before: dashboards are large, and several judgements look into them. */
const unfolded = new WeakMap<JsonMap, JsonMap>();

function unfoldTexts(texts: JsonMap, encoded: boolean): JsonMap {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value];
      const text = encoded ? Buffer.from(value, 'base64').toString('utf8') : value;
      const data = readDocument(name, text);
      return [name, data === undefined ? value : new EmbeddedDocument(data, text)];
    }),
  );
}

function readDocument(name: string, text: string): JsonMap | readonly Json[] | undefined {
  const data = /^\s*[[{]/.test(text) ? (readJson(text) ?? readYaml(name, text)) : readYaml(name, text);
  return data !== undefined && (isMap(data) || isList(data)) ? data : undefined;
}

function readJson(text: string): Json | undefined {
  if (LONG_NUMBER.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, whatever its first letter says.
    return undefined;
  }
}

function readYaml(name: string, text: string): Json | undefined {
  if (!/\.(?:ya?ml|json)$/.test(name)) return undefined;
  try {
    const documents = parseYaml(text);
    return documents.length === 1 ? documents[0] : undefined;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
