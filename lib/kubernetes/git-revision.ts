import { spawnSync } from 'node:child_process';
import { ManifestError } from './manifest-error';
import { decode, isManifestName, type ManifestFile } from './manifest-files';

const MAX_OUTPUT = 2 ** 30;

/** Common names of the branch that pull requests are merged into. The first that exists is used. */
const MAIN_BRANCHES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/** A commit and its label in messages. */
export interface Revision {
  readonly commit: string;
  readonly label: string;
}

/**
 * The commit where this branch left the main branch, which pull requests are compared with. Returns undefined in a
 * repository without commits.
 */
export function mergeBase(): Revision | undefined {
  if (commitOf('HEAD') === undefined && git(['rev-parse', '--git-dir']).status === 0) return undefined;
  const main = MAIN_BRANCHES.find((name) => commitOf(name) !== undefined);
  if (main === undefined)
    throw new ManifestError(
      `no main branch to compare with (${MAIN_BRANCHES.join(', ')}); pass a base: --base <folder or revision>`,
    );
  const commit = git(['merge-base', 'HEAD', main]).stdout.toString().trim();
  if (commit === '')
    throw new ManifestError(
      `HEAD and ${main} have no commit in common; fetch the whole history (git fetch --unshallow), or pass a base: --base <folder or revision>`,
    );
  return { commit, label: `${commit.slice(0, 7)}, where this branch left ${main}` };
}

/** The commit of a revision; undefined if Git does not know it. */
export function findRevision(name: string): Revision | undefined {
  const commit = commitOf(name);
  return commit === undefined
    ? undefined
    : { commit, label: commit.startsWith(name) ? name : `${name} (${commit.slice(0, 7)})` };
}

/**
 * All manifest files in a folder of a revision and its subfolders, ordered by path. Returns undefined if the revision
 * does not contain the folder.
 *
 * @param folder Relative to the working directory.
 */
export function readRevision(revision: Revision, folder: string): ManifestFile[] | undefined {
  const prefix = folder === '.' ? '' : `${folder.replace(/^\.\//, '').replace(/\/+$/, '')}/`;
  const listed = git(['ls-tree', '-r', '-z', revision.commit, '--', prefix === '' ? '.' : prefix]);
  const entries = listed.stdout
    .toString()
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [, mode = '', type = '', id = '', path = ''] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
      return {
        mode,
        type,
        id,
        path: path.slice(prefix.length),
        label: `${revision.commit.slice(0, 7)}:${path}`,
      };
    })
    .filter(({ type }) => type === 'blob');
  if (entries.length === 0) return undefined;
  const wanted = entries
    .filter(({ path }) => isManifestName(path) && !path.split('/').some((part) => part.startsWith('.')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const linked = wanted.find(({ mode }) => mode === '120000');
  if (linked)
    throw new ManifestError(
      `${linked.label}: symbolic links are not followed in a revision; compare folders instead`,
    );
  const blobs = readBlobs(wanted.map(({ id }) => id));
  return wanted.map(({ id, path, label }) => ({
    path,
    label,
    text: decode(label, blobs.get(id) ?? Buffer.of()),
  }));
}

/** Reads many blobs with one process. */
function readBlobs(ids: readonly string[]): ReadonlyMap<string, Buffer> {
  const { stdout } = git(['cat-file', '--batch'], [...new Set(ids)].map((id) => `${id}\n`).join(''));
  const blobs = new Map<string, Buffer>();
  for (let offset = 0; offset < stdout.length; ) {
    const end = stdout.indexOf(10, offset);
    const [id = '', , size = '0'] = stdout.toString('latin1', offset, end).split(' ');
    blobs.set(id, stdout.subarray(end + 1, end + 1 + Number(size)));
    offset = end + 1 + Number(size) + 1;
  }
  return blobs;
}

function commitOf(name: string): string | undefined {
  const { status, stdout } = git([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  return status === 0 ? stdout.toString().trim() : undefined;
}

function git(args: readonly string[], input = ''): { status: number | null; stdout: Buffer } {
  const { status, stdout, error } = spawnSync('git', args, { input, maxBuffer: MAX_OUTPUT });
  if (error) throw new ManifestError(`cannot run git: ${error.message}`);
  return { status, stdout };
}
