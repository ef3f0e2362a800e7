import { Quantity } from '../../lib/kubernetes/quantity';
import type { Manifest } from '../support/render';

/** Where an object in the API server differs from the manifest that it was applied from. */
export interface Drift {
  /** Fields of the manifest that read back otherwise, or not at all. */
  readonly changed: string[];
  /** Fields that the API server filled in. */
  readonly added: string[];
}

/** Compares field by field; indexes of lists are left out of the paths, as one container is like another. */
export function drift(manifest: Manifest, live: Manifest): Drift {
  const { stringData, ...rest } = manifest;
  const data = Object.entries<string>(stringData ?? {}).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ]);
  // The API server takes texts of a Secret, and gives back bytes.
  const wanted = stringData === undefined ? rest : { ...rest, data: Object.fromEntries(data) };
  const found: Drift = { changed: [], added: [] };
  compare(wanted, live, '', found);
  return found;
}

function compare(wanted: Manifest, live: Manifest, path: string, found: Drift): void {
  if (wanted === undefined) found.added.push(path);
  else if (Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length) {
    for (const [index, item] of wanted.entries()) compare(item, live[index], `${path}[]`, found);
  } else if (isSection(wanted) && isSection(live)) {
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(live)]))
      compare(wanted[key], live[key], path === '' ? key : `${path}.${key}`, found);
  } else if (!isSame(wanted, live)) found.changed.push(path);
}

/** The API server writes quantities its own way: `500m` for `0.5`. */
function isSame(wanted: Manifest, live: Manifest): boolean {
  if (JSON.stringify(wanted) === JSON.stringify(live)) return true;
  const [a, b] = [wanted, live].map((value) => Quantity.parse(String(value))?.value);
  return a !== undefined && a === b;
}

function isSection(value: Manifest): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
