import { CONTENT_SECTIONS } from '../../kubernetes/embedded';
import { EmbeddedDocument, isList, isMap, type Json, type JsonMap } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/object';
import { align } from '../diff/align';
import { type Change, newOf, oldOf } from '../diff/change';
import { DOCUMENT, formatPath } from '../diff/path';
import { withoutPassword } from '../words';

/** Replacement for a credential. */
const HIDDEN = '(secret, not shown)';

/** Keys whose values are credentials at any path. */
const CREDENTIAL =
  /pass(?:word|wd|phrase)|token|secret(?!name|keyref)|credential|private_?key|access_?key|api_?key|authorization/i;

/** A change as reports show it, without secrets. */
export interface ShownChange {
  readonly type: Change['type'];
  readonly path: string;
  readonly old?: Json;
  readonly new?: Json;
}

/**
 * A change without secrets: values of Secrets are hidden, except for documents in them, of which only credentials are
 * hidden. A report has more readers than a repository and is sent by mail.
 */
export function showChange(change: Change, object: KubernetesObject): ShownChange {
  const [old, next] = [oldOf(change), newOf(change)];
  const show = (value: Json) =>
    object.kind === 'Secret' ? withoutSecrets(change, value) : withoutPasswords(value);
  return {
    type: change.type,
    path: formatPath(change.path),
    ...(old !== undefined && { old: show(old) }),
    ...(next !== undefined && { new: show(next) }),
  };
}

function withoutSecrets({ path, type }: Change, value: Json): Json {
  const keys = path.filter((segment): segment is string => typeof segment === 'string');
  const [section = ''] = keys;
  if (section === 'metadata' || type === 'reordered') return withoutPasswords(value);
  if (keys.slice(1).some((key) => CREDENTIAL.test(key))) return HIDDEN;
  if (path.includes(DOCUMENT)) return withoutPasswords(value, true);
  return CONTENT_SECTIONS.includes(section) ? contentWithoutSecrets(value) : withoutPasswords(value);
}

/** Only the documents of one or all entries. */
function contentWithoutSecrets(value: Json): Json {
  if (value instanceof EmbeddedDocument) return withoutPasswords(value.data, true);
  return isMap(value) ? mapValues(value, contentWithoutSecrets) : HIDDEN;
}

/** A value without passwords in URLs and, in a Secret, without values of keys that look secret. */
function withoutPasswords(value: Json, secret = false): Json {
  if (value instanceof EmbeddedDocument) return withoutPasswords(value.data, secret);
  if (typeof value === 'string') return withoutPassword(value);
  if (isList(value)) return value.map((entry) => withoutPasswords(entry, secret));
  if (!isMap(value)) return value;
  return mapValues(value, (one, key) =>
    secret && CREDENTIAL.test(key) ? HIDDEN : withoutPasswords(one, secret),
  );
}

function mapValues(map: JsonMap, change: (value: Json, key: string) => Json): JsonMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/** The values of a change as diff lines: `- old` and `+ new`; for a long string, the lines that differ. */
export function diffLines({ old, new: next }: ShownChange): string[] {
  if (typeof old === 'string' && typeof next === 'string' && (old.includes('\n') || next.includes('\n')))
    return textLines(old.split('\n'), next.split('\n'));
  return [
    ...(old === undefined ? [] : [`- ${showValue(old)}`]),
    ...(next === undefined ? [] : [`+ ${showValue(next)}`]),
  ];
}

function textLines(old: readonly string[], next: readonly string[]): string[] {
  const pairs = align({ old, new: next }, { old: old.map(String), new: next.map(String) });
  const lines: string[] = [];
  let [fromOld, fromNew] = [0, 0];
  for (const [a, b] of [...pairs, [old.length, next.length] as const]) {
    lines.push(
      ...old.slice(fromOld, a).map((line) => `- ${line}`),
      ...next.slice(fromNew, b).map((line) => `+ ${line}`),
    );
    [fromOld, fromNew] = [a + 1, b + 1];
  }
  // Strings with equal lines differ in their last line ending.
  return lines.length > 0
    ? lines
    : [`- ${JSON.stringify(old.join('\n'))}`, `+ ${JSON.stringify(next.join('\n'))}`];
}

/** A value on one line: a string unchanged, or in quotes if it would be ambiguous. */
function showValue(value: Json): string {
  if (typeof value !== 'string') return inline(value);
  const odd = value === '' || /^[\s"'[{]|\s$|[\n\r]|^(?:true|false|null|~|-?[\d.]+)$/.test(value);
  return odd ? JSON.stringify(value) : value;
}

function inline(value: Json): string {
  if (value instanceof EmbeddedDocument) return inline(value.data);
  if (isList(value)) return `[${value.map(inline).join(', ')}]`;
  if (isMap(value)) {
    const fields = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${inline(one)}`);
    return `{${fields.join(', ')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
