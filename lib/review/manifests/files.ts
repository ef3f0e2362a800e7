import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ReviewError } from './problem';

/** A file of manifests, wherever it is kept. */
export interface ManifestFile {
  /** Path below the folder under review, with `/`. */
  readonly path: string;
  /** Path or `revision:path` to name in messages. */
  readonly label: string;
  readonly text: string;
}

/** Files that `kubectl apply -f <folder>` reads; others may lie beside them. */
export function isManifestName(name: string): boolean {
  return /\.(?:ya?ml|json)$/.test(name);
}

/**
 * Every file of manifests in a folder and the folders in it, in order of their paths.
 *
 * @throws ReviewError when the folder or one of its files cannot be read.
 */
export function readFolder(folder: string): ManifestFile[] {
  return names(folder, '')
    .sort()
    .map((path) => {
      const label = join(folder, path);
      return {
        path,
        label,
        text: decode(
          label,
          attempt(label, () => readFileSync(label)),
        ),
      };
    });
}

/** The text of a file, which kubectl takes in UTF-8 only. */
export function decode(label: string, content: Buffer): string {
  if (!isUtf8(content)) throw new ReviewError(`${label}: is not UTF-8 text; save it as UTF-8`);
  return content.toString('utf8').replace(/^\uFEFF/, '');
}

function names(folder: string, below: string): string[] {
  const place = join(folder, below);
  const entries = attempt(place, () => readdirSync(place, { withFileTypes: true }));
  return entries.flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : names(folder, path);
    if (!isManifestName(entry.name)) return [];
    // A link is followed to a file, as kubectl does, and not into a folder, where it could run in circles.
    const target = join(folder, path);
    return attempt(target, () => statSync(target)).isFile() ? [path] : [];
  });
}

function attempt<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ReviewError(`${place}: ${reason(error)}`);
  }
}

/** Why the system refused, in words where there are better ones than its own. */
function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    ENOTDIR: 'is a file; name the folder that it is in',
    EACCES: 'permission denied',
  };
  return words[code ?? ''] ?? message;
}
