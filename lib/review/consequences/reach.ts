import { CONTENT_SECTIONS } from '../../kubernetes/embedded';
import { nameOf } from '../../kubernetes/object';
import type { ReviewContext } from '../component-review';
import { keysOf } from '../diff/path';
import { type DraftFinding, draft } from '../finding';
import { type Reader, readersOf } from './readers';
import { checksumsOf, isRestarted } from './restarts';

/** Readers of a changed ConfigMap or Secret, and when they see the change: usually only after a restart. */
export function reach(context: ReviewContext): DraftFinding[] {
  return context.changed.flatMap(({ new: object, changes: all, refused }): DraftFinding[] => {
    const changes = all.filter(({ path }) => CONTENT_SECTIONS.includes(keysOf(path)[0] ?? ''));
    if (changes.length === 0 || refused) return [];
    const readers = readersOf(context.cluster.new, object);
    if (readers.length > 0)
      return readers.map((reader) => {
        const { rule, says } = seenBy(context, reader);
        return draft('live', rule, object, { says, changes });
      });
    const labels = context.components.flatMap(({ watchedLabels = [] }) => watchedLabels);
    const isWatched = labels.some((label) => object.metadata.labels?.[label] !== undefined);
    return [draft('live', isWatched ? 'config-sidecar' : 'config-without-reader', object, { changes })];
  });
}

function seenBy(context: ReviewContext, { workload, isFixed }: Reader) {
  const name = nameOf(workload);
  if (isRestarted(context, workload))
    return { rule: 'config-with-restart', says: `${name} takes the change when it restarts` };
  const checksums = checksumsOf(workload).join(', ');
  const stale =
    checksums === '' ? '' : `; its checksum (${checksums}) does not change, although that is its purpose`;
  return isFixed
    ? {
        rule: 'config-not-seen',
        says: `nothing restarts ${name}, and its running pods never see the change${stale}`,
      }
    : {
        rule: 'config-without-restart',
        says: `nothing restarts ${name}, which may never apply the change${stale}`,
      };
}
