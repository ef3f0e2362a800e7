import type { Change } from '../diff/change';
import { formatPath } from '../diff/path';
import { EmbeddedDocument, isList, isMap, type Json } from '../manifests/json';
import type { Manifest } from '../manifests/manifest';

/** A change as a person reads it, and as programs do: where, from what, to what. */
export interface ShownChange {
  readonly type: Change['type'];
  readonly path: string;
  readonly old?: string;
  readonly new?: string;
}

const NOT_SHOWN = '(secret, not shown)';

/** Keys whose values are credentials, wherever they are. */
const CREDENTIAL =
  /pass(?:word|wd)|token|secret(?!Name|KeyRef)|credential|private_?key|access_?key|api_?key|authorization/i;

/** Credentials in an address: `https://user:password@host`. */
const IN_ADDRESS = /(\w+:\/\/[^\s:/@]+:)[^\s@/]+@/g;

/**
 * A change in words. Values of Secrets are not shown, but for the documents in them, of which credentials are not: a
 * report is read by more people than a repository, and is sent by mail.
 */
export function showChange(change: Change, object: Manifest): ShownChange {
  const path = formatPath(change.path);
  const hidden = isHidden(change, object);
  const show = (value: Json) => (hidden ? NOT_SHOWN : showValue(value, object.kind === 'Secret'));
  return {
    type: change.type,
    path,
    ...('old' in change && { old: show(change.old) }),
    ...('new' in change && { new: show(change.new) }),
  };
}

function isHidden({ path, type }: Change, { kind }: Manifest): boolean {
  const keys = path.filter((segment): segment is string => typeof segment === 'string');
  if (kind !== 'Secret') return false;
  if (keys.slice(1).some((key) => CREDENTIAL.test(key))) return true;
  const inDocument = path.some((segment) => typeof segment === 'symbol');
  return !inDocument && ['data', 'stringData', 'binaryData'].includes(keys[0] ?? '') && type !== 'reordered';
}

/** A value as one text: scalars as YAML writes them, the rest as JSON. */
export function showValue(value: Json, secret = false): string {
  const text = typeof value === 'string' ? quoted(value) : inline(value, secret);
  return text.replaceAll(IN_ADDRESS, '$1***@');
}

/** A text as it is, in quotes where it could be taken for something else. */
function quoted(text: string): string {
  return text === '' || /^[\s"'[{]|\s$|\n|^(?:true|false|null|~|-?[\d.]+)$/.test(text)
    ? JSON.stringify(text)
    : text;
}

function inline(value: Json, secret: boolean): string {
  if (value instanceof EmbeddedDocument) return inline(value.data, secret);
  if (isList(value)) return `[${value.map((entry) => inline(entry, secret)).join(', ')}]`;
  if (isMap(value)) {
    const fields = Object.entries(value).map(
      ([key, one]) =>
        `${JSON.stringify(key)}: ${secret && CREDENTIAL.test(key) ? NOT_SHOWN : inline(one, secret)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
