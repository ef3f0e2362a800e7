import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that the files below a folder occupy, in whole blocks. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((sum, stat) => sum + (stat?.isFile() ? stat.blocks * 512 : 0), 0);
}
