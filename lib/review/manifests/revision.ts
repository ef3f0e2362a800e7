import { spawnSync } from 'node:child_process';
import { decode, isManifestName, type ManifestFile } from './files';
import { ReviewError } from './problem';

const MAX_OUTPUT = 2 ** 30;

/** Branches that pull requests are merged into, as they are usually called; the first that exists is taken. */
const MAIN_BRANCHES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/** Names of commits that say what they are: `merge base with origin/main (1a2b3c4)`. */
export interface Revision {
  readonly commit: string;
  readonly label: string;
}

/** Where this branch left the main branch: what a pull request is compared with. */
export function mergeBase(): Revision {
  const main = MAIN_BRANCHES.find((name) => commitOf(name) !== undefined);
  if (main === undefined)
    throw new ReviewError(
      `no main branch to compare with (${MAIN_BRANCHES.join(', ')}); name what to compare with: --base <folder or revision>`,
    );
  const commit = git(['merge-base', 'HEAD', main]).stdout.toString().trim();
  if (commit === '')
    throw new ReviewError(
      `HEAD and ${main} have no commit in common here; fetch the whole history (git fetch --unshallow), or name one with --base`,
    );
  return { commit, label: `${commit.slice(0, 7)}, where this branch left ${main}` };
}

/** The commit that a person means by a name; undefined when git knows none. */
export function findRevision(name: string): Revision | undefined {
  const commit = commitOf(name);
  return commit === undefined
    ? undefined
    : { commit, label: commit.startsWith(name) ? name : `${name} (${commit.slice(0, 7)})` };
}

/**
 * Every file of manifests in a folder of a revision, in order of their paths; nothing is checked out.
 *
 * @param folder Relative to the working directory.
 * @throws ReviewError when the revision does not have the folder.
 */
export function readRevision(revision: Revision, folder: string): ManifestFile[] {
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
  if (entries.length === 0)
    throw new ReviewError(
      `revision ${revision.label} has no folder ${folder}; name another with --base or --folder`,
    );
  const wanted = entries
    .filter(({ path }) => isManifestName(path) && !path.split('/').some((part) => part.startsWith('.')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const linked = wanted.find(({ mode }) => mode === '120000');
  if (linked)
    throw new ReviewError(
      `${linked.label}: is a symbolic link, which cannot be followed in a revision; compare folders`,
    );
  const blobs = readBlobs(wanted.map(({ id }) => id));
  return wanted.map(({ id, path, label }) => ({
    path,
    label,
    text: decode(label, blobs.get(id) ?? Buffer.of()),
  }));
}

/** The contents of many blobs by one process. */
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
  if (error) throw new ReviewError(`git cannot be run: ${error.message}`);
  return { status, stdout };
}
