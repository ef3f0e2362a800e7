import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ManifestError } from './manifest-error';

/** A manifest file in a folder or in a Git revision. */
export interface ManifestFile {
  /** Path relative to the folder, with `/`. */
  readonly path: string;
  /** Path or `revision:path`, for messages. */
  readonly label: string;
  readonly text: string;
}

/** Whether `kubectl apply -f <folder>` reads a file. */
export function isManifestName(name: string): boolean {
  return /\.(?:ya?ml|json)$/.test(name);
}

/**
 * All manifest files in a folder, ordered by path.
 *
 * @param recursive Whether to read subfolders too.
 * @throws ManifestError when the folder or one of its files cannot be read.
 */
export function readFolder(folder: string, { recursive }: { recursive: boolean }): ManifestFile[] {
  return names(folder, '', recursive)
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

/** The content of a file. kubectl accepts only UTF-8. */
export function decode(label: string, content: Buffer): string {
  if (!isUtf8(content)) throw new ManifestError(`${label}: not UTF-8; save the file as UTF-8`);
  return content.toString('utf8').replace(/^\uFEFF/, '');
}

function names(folder: string, below: string, recursive: boolean): string[] {
  const place = join(folder, below);
  const entries = attempt(place, () => readdirSync(place, { withFileTypes: true }));
  return entries.flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory())
      return recursive && !entry.name.startsWith('.') ? names(folder, path, recursive) : [];
    if (!isManifestName(entry.name)) return [];
    // kubectl follows a link to a file. A link to a folder could form a cycle.
    const target = join(folder, path);
    return attempt(target, () => statSync(target)).isFile() ? [path] : [];
  });
}

function attempt<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ManifestError(`${place}: ${reason(error)}`);
  }
}

/** Why the operating system refused, in plainer words where possible. */
function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: 'no such file or folder',
    ENOTDIR: 'is a file; pass its folder',
    EACCES: 'permission denied',
  };
  return words[code ?? ''] ?? message;
}
