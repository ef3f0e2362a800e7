import { at, isList, isMap, type Json, type JsonMap, listAt, textAt } from './json';
import { ManifestError } from './manifest-error';
import type { ManifestFile } from './manifest-files';
import type { KubernetesObject } from './object';
import { parseYaml, YamlError } from './yaml';

/** An object and its location in a file. */
export interface LocatedObject {
  readonly object: KubernetesObject;
  /** `file:line` of its start. */
  readonly place: string;
}

/** Cache of parsed documents by their content. Most documents are equal in two revisions and in many clusters. */
export type ParsedTexts = Map<string, readonly Json[]>;

/**
 * The objects of a file, including the items of a `List`.
 *
 * @throws ManifestError for invalid YAML and for documents that are not Kubernetes objects.
 */
export function* readManifests(
  file: ManifestFile,
  parsed: ParsedTexts = new Map(),
): Generator<LocatedObject> {
  for (const { text, line } of documentTexts(file.text)) {
    let documents = parsed.get(text);
    if (documents === undefined) {
      documents = parse(file, text, line);
      parsed.set(text, documents);
    }
    const place = `${file.label}:${line + 1 + firstLine(text)}`;
    for (const document of documents) if (document !== null) yield* manifestsIn(document, place);
  }
}

/**
 * The objects in the output of `kubectl get -o json`, which may contain the output of several calls. Each response is
 * indented and ends with a line that contains only `}`.
 *
 * @throws SyntaxError and ManifestError for anything else.
 */
export function readKubectlJson(text: string): KubernetesObject[] {
  const answers = text.split(/(?<=^\}\n)/m).filter((part) => part.trim() !== '');
  return answers.flatMap((answer) =>
    [...manifestsIn(JSON.parse(answer), 'kubectl')].map(({ object }) => object),
  );
}

function parse(file: ManifestFile, text: string, line: number): Json[] {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ManifestError(`${file.label}:${line + error.line + 1}: invalid YAML: ${error.message}`);
  }
}

/**
 * The documents of a file as strings, so that equal ones are parsed once. `---` at the start of a line always
 * separates documents.
 */
function documentTexts(text: string): { text: string; line: number }[] {
  // Directives belong to the document after their `---`.
  if (text.startsWith('%') || text.includes('\n%')) return [{ text, line: 0 }];
  const documents: { text: string; line: number }[] = [];
  let [start, line] = [0, 0];
  for (let end = 0; end < text.length; start = end) {
    end = text.indexOf('\n---', start) + 1;
    while (end > 0 && !/\s/.test(text[end + 3] ?? ' ')) end = text.indexOf('\n---', end) + 1;
    if (end === 0) end = text.length;
    documents.push({ text: text.slice(start, end), line });
    line += linesIn(text, start, end);
  }
  return documents;
}

function linesIn(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** The first line of a document with content, counted from 0. */
function firstLine(text: string): number {
  const [before] = /^(?:(?:---)?[ \t]*(?:#.*)?\r?\n)*/.exec(text) ?? [''];
  return linesIn(before, 0, before.length);
}

function* manifestsIn(document: Json, place: string): Generator<LocatedObject> {
  if (!isMap(document))
    throw new ManifestError(
      `${place}: not a Kubernetes object but a ${isList(document) ? 'list' : typeof document}`,
    );
  const [apiVersion, kind] = [textAt(document, 'apiVersion'), textAt(document, 'kind')];
  if (!apiVersion || !kind)
    throw new ManifestError(
      `${place}: not a Kubernetes object: ${apiVersion ? 'kind' : 'apiVersion'} is missing; pass rendered manifests, such as the output of kustomize or helm template`,
    );
  if (kind.endsWith('List') && isList(at(document, 'items'))) {
    for (const item of listAt(document, 'items'))
      yield* manifestsIn(withTypeOfList(item, apiVersion, kind), place);
    return;
  }
  if (!textAt(document, 'metadata', 'name'))
    throw new ManifestError(`${place}: ${kind} has no metadata.name, which kubectl apply requires`);
  // A copy, because several files may contain the same document.
  yield { object: { ...document } as unknown as KubernetesObject, place };
}

/** Items of a typed list such as `ConfigMapList` may omit their type. */
function withTypeOfList(item: Json, apiVersion: string, kind: string): Json {
  if (!isMap(item) || kind === 'List') return item;
  const type: JsonMap = { apiVersion, kind: kind.slice(0, -'List'.length) };
  return { ...type, ...item };
}
