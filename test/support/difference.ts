import { Document, isScalar, isSeq, visit } from 'yaml';
import { unfold } from '../../lib/kubernetes/embedded';
import { EmbeddedDocument } from '../../lib/kubernetes/json';
import { type KubernetesObject, typeOf } from '../../lib/kubernetes/object';
import type { Change } from '../../lib/review/diff/change';
import { compareClusters, type ManifestSet, type ObjectChange } from '../../lib/review/diff/objects';
import { formatPath } from '../../lib/review/diff/path';
import type { Manifest } from './render';

/**
 * Every field in which one cluster differs from another, for a person to read. Together with the first cluster it
 * determines the second one: what is removed is named, what is added is written in full or by its difference from
 * another object. Objects that differ in the same way share a heading.
 */
export function difference(old: readonly Manifest[], next: readonly Manifest[]): string {
  const [cluster] = compareClusters(new Map([['.', byName(old)]]), new Map([['.', byName(next)]]));
  const objects = new Map<string, KubernetesObject[]>();
  for (const change of cluster?.objects ?? [])
    for (const text of objectTexts(change, old))
      objects.set(text, [...(objects.get(text) ?? []), objectOf(change)]);

  const sections = new Map<string, string[]>();
  for (const [text, sharing] of objects) {
    const heading = headingOf(sharing);
    sections.set(heading, [...(sections.get(heading) ?? []), indented(text)]);
  }
  return [...sections].map(([heading, texts]) => [heading, ...texts].join('\n')).join('\n\n');
}

/** Objects by type and name: one that moves to another namespace is the same object here. */
function byName(objects: readonly KubernetesObject[]): ManifestSet {
  const cluster = new Map<string, KubernetesObject>();
  for (const object of objects) {
    const key = `${typeOf(object)}/${object.metadata.name}`;
    if (cluster.has(key)) throw new Error(`two objects are called ${key}`);
    cluster.set(key, object);
  }
  return cluster;
}

function objectOf(change: ObjectChange): KubernetesObject {
  return change.type === 'deleted' ? change.old : change.new;
}

/** Objects by kind, a line for each kind. */
function headingOf(objects: readonly KubernetesObject[]): string {
  const kinds = new Map<string, string[]>();
  for (const { kind, metadata } of objects) kinds.set(kind, [...(kinds.get(kind) ?? []), metadata.name]);
  return [...kinds].map(([kind, names]) => `${kind} ${names.join(', ')}`).join('\n');
}

function objectTexts(change: ObjectChange, old: readonly KubernetesObject[]): string[] {
  if (change.type === 'deleted') return ['removed'];
  if (change.type === 'created') return [additionText(change.new, old)];
  return [0, 1, 2].reduce(merged, change.changes.map(changeText));
}

/** An added object: in full, unless its difference from an object of the first cluster is much shorter. */
function additionText(added: KubernetesObject, old: readonly KubernetesObject[]): string {
  const { name } = added.metadata;
  const alike = old
    .filter((one) => typeOf(one) === typeOf(added))
    .map((one) => {
      const renamed = { ...one, metadata: { ...one.metadata, name } };
      return `added, like ${one.metadata.name} but for:\n${indented(difference([renamed], [added]))}`;
    });
  const inFull = `added:\n${indented(textOf(unfold(added)))}`;
  const lengthOf = (text: string) => text.split('\n').length;
  const [shortest] = alike.sort((a, b) => lengthOf(a) - lengthOf(b));
  return shortest !== undefined && lengthOf(shortest) < lengthOf(inFull) / 2 ? shortest : inFull;
}

/**
 * Equal changes of several items of a list as one: `rules[alert=LokiDown, LokiQueriesFail].expr: …`.
 *
 * @param depth Which of the lists in a path: 0 is the outermost.
 */
function merged(texts: readonly string[], depth: number): string[] {
  const items = new Map<string, string[]>();
  for (const text of texts) {
    const [path = '', ...rest] = text.split(/(?=: )/);
    const found = [...path.matchAll(/(?<=\[\w+=)[^\]]+(?=\])/g)][depth];
    const [before, after] = found
      ? [path.slice(0, found.index), path.slice(found.index + found[0].length) + rest.join('')]
      : [text, ''];
    const key = JSON.stringify([before, after]);
    items.set(key, [...(items.get(key) ?? []), found?.[0] ?? '']);
  }
  return [...items].map(([key, values]) => (JSON.parse(key) as [string, string]).join(values.join(', ')));
}

function changeText(change: Change): string {
  const path = formatPath(change.path);
  if (change.type === 'removed') return `- ${path}`;
  // It follows from the config, whose own difference is listed, and its value says nothing to a reader.
  if (change.type === 'changed' && path.endsWith('["checksum/config"]')) return `${path}: another`;
  const next = textOf(change.new);
  if (change.type === 'added')
    return next.includes('\n') ? `+ ${path}:\n${indented(next)}` : `+ ${path}: ${next}`;
  const words = replacedWords(change.old, change.new);
  if (words !== undefined) return `${path}: ${words}`;
  const old = textOf(change.old);
  const before = old.length > LINE ? '…' : old;
  return next.includes('\n') ? `${path}: ${before} ->\n${indented(next)}` : `${path}: ${before} -> ${next}`;
}

/**
 * The words of a text that are replaced by others, when that is all that changes there. Where only some occurrences of
 * a word are replaced, it says which, so that the old text and the replaced words determine the new text.
 */
function replacedWords(old: unknown, next: unknown): string | undefined {
  if (typeof old !== 'string' || typeof next !== 'string') return undefined;
  const words = (text: string) => text.split(/((?:%[0-9A-F]{2}|[^\w.:/-])+)/);
  const [before, after] = [words(old), words(next)];
  if (before.length !== after.length || before.length === 1) return undefined;
  const places = new Map<string, number[]>();
  for (const [place, word] of before.entries()) {
    const pair = `${word} -> ${after[place]}`;
    if (word !== after[place]) places.set(pair, [...(places.get(pair) ?? []), place]);
  }
  const texts = [...places].map(([pair, some]) => {
    const all = before.filter((word) => word === before[some[0] ?? 0]).length;
    return some.length === all ? `… ${pair} …` : `… ${pair} … (words ${some.join(', ')})`;
  });
  return texts.length > 3 ? undefined : texts.join(', ');
}

/** Characters up to which a map or a list is written on one line; a list of words, such as ids, is easier to read. */
const LINE = 140;
const LINE_OF_WORDS = 600;

/** A value as YAML, with anchors for long parts that it repeats; documents embedded in it are part of it. */
function textOf(value: unknown): string {
  const document = new Document(plain(value));
  visit(document, {
    Collection: (_, node) => {
      const isWords = isSeq(node) && node.items.every(isScalar);
      if (JSON.stringify(node).length <= (isWords ? LINE_OF_WORDS : LINE)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

const LONG = 1_000;

function plain(value: unknown, known = new Map<string, unknown>()): unknown {
  if (value instanceof EmbeddedDocument) return plain(value.data, known);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, plain(one, known)] as const);
  const copy = Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
  const text = JSON.stringify(copy);
  if (text.length < LONG) return copy;
  if (!known.has(text)) known.set(text, copy);
  return known.get(text);
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
