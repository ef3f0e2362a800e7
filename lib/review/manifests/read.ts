import { dirname } from 'node:path';
import type { ManifestFile } from './files';
import { at, isList, isMap, type Json, type JsonMap, listAt, textAt } from './json';
import { type Cluster, identity, type Manifest, nameOf } from './manifest';
import { ReviewError } from './problem';
import { parseYaml, YamlError } from './yaml';

/** Documents of a text that were parsed before; most of a folder is the same in two revisions and in many clusters. */
export type ParsedTexts = Map<string, readonly Json[]>;

/**
 * The clusters of a folder, by the path of the folder that holds their manifests.
 *
 * @param recursive Takes the folder and all that is in it for one cluster, as `kubectl apply -R` does.
 * @throws ReviewError for broken YAML, what is no object of Kubernetes, and two objects of one identity.
 */
export function readClusters(
  files: readonly ManifestFile[],
  { recursive = false, parsed = new Map() }: { recursive?: boolean; parsed?: ParsedTexts } = {},
): ReadonlyMap<string, Cluster> {
  const clusters = new Map<string, Map<string, Manifest>>();
  for (const file of files) {
    const folder = recursive ? '.' : dirname(file.path);
    const cluster = clusters.get(folder) ?? new Map<string, Manifest>();
    clusters.set(folder, cluster);
    for (const manifest of readManifests(file, parsed)) {
      const key = identity(manifest);
      const first = cluster.get(key);
      if (first)
        throw new ReviewError(
          `${manifest.place}: ${nameOf(manifest)} is already at ${first.place}; one of the two would overwrite the other`,
        );
      cluster.set(key, manifest);
    }
  }
  return clusters;
}

function* readManifests(file: ManifestFile, parsed: ParsedTexts): Generator<Manifest> {
  for (const { text, line } of documentTexts(file.text)) {
    let documents = parsed.get(text);
    if (documents === undefined) {
      documents = parse(file, text, line);
      parsed.set(text, documents);
    }
    const place = `${file.label}:${line + 1 + firstLine(text)}`;
    for (const document of documents) if (document !== null) yield* objectsOf(document, place);
  }
}

function parse(file: ManifestFile, text: string, line: number): Json[] {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ReviewError(`${file.label}:${line + error.line + 1}: is not YAML: ${error.message}`);
  }
}

/** The documents of a file as texts, so that equal ones are parsed once. A `---` at the start of a line always divides. */
function documentTexts(text: string): { text: string; line: number }[] {
  // Directives belong to the document that follows their `---`.
  if (/^%/m.test(text)) return [{ text, line: 0 }];
  let line = 0;
  return text.split(/^(?=---(?:\s|$))/m).map((part) => {
    const document = { text: part, line };
    line += part.split('\n').length - 1;
    return document;
  });
}

/** The line of a document where something is said, from 0. */
function firstLine(text: string): number {
  const line = text.split('\n').findIndex((one) => /^(?!---(?:\s|$))\s*[^\s#]/.test(one));
  return Math.max(0, line);
}

/** The object of a document, or those of a `List`. */
function* objectsOf(document: Json, place: string): Generator<Manifest> {
  if (!isMap(document))
    throw new ReviewError(`${place}: is no object of Kubernetes, but a ${typeName(document)}`);
  const [apiVersion, kind] = [textAt(document, 'apiVersion'), textAt(document, 'kind')];
  if (!apiVersion || !kind)
    throw new ReviewError(
      `${place}: is no object of Kubernetes: it has no ${apiVersion ? 'kind' : 'apiVersion'}; review what is applied (of a kustomization or a chart, what it renders)`,
    );
  if (kind.endsWith('List') && isList(at(document, 'items'))) {
    for (const item of listAt(document, 'items'))
      yield* objectsOf(withTypeOfList(item, apiVersion, kind), place);
    return;
  }
  const name = textAt(document, 'metadata', 'name');
  if (!name) throw new ReviewError(`${place}: ${kind} has no metadata.name, by which kubectl apply knows it`);
  const namespace = textAt(document, 'metadata', 'namespace') ?? '';
  yield { apiVersion, kind, namespace, name, content: document, place };
}

/** Items of a typed list such as `ConfigMapList` need not repeat their type. */
function withTypeOfList(item: Json, apiVersion: string, kind: string): Json {
  if (!isMap(item) || kind === 'List') return item;
  const type: JsonMap = { apiVersion, kind: kind.slice(0, -'List'.length) };
  return { ...type, ...item };
}

function typeName(value: Json): string {
  return isList(value) ? 'list' : typeof value;
}
