import { listAt } from '../../kubernetes/json';
import { claimNames, podOf } from '../../kubernetes/pods';
import type { ReviewContext } from '../component-review';
import { keysOf } from '../diff/path';
import { type DraftFinding, draft, type Effect } from '../finding';
import { daemonOf, imagesOf, repositoryOf, tagOf, versionStep } from '../images';

/** Image changes that a program may not survive: another program, or a version that is not newer. */
export function versions({ changed, components }: ReviewContext): DraftFinding[] {
  return changed.flatMap(({ old, new: next, changes: all, refused }) => {
    if (refused) return [];
    const before = imagesOf(old);
    const changes = all.filter(({ path }) => keysOf(path).at(-1) === 'image');
    // An older version may be unable to read data of the newer one.
    const keepsData =
      claimNames(podOf(old)).length > 0 || listAt(old, 'spec', 'volumeClaimTemplates').length > 0;
    return [...imagesOf(next)].flatMap(([container, image]): DraftFinding[] => {
      const was = before.get(container);
      if (was === undefined || was === image) return [];
      const found = (effect: Effect, rule: string, says: string, reason?: string) => [
        draft(effect, rule, next, { says: `${container} ${says}`, changes, ...(reason && { reason }) }),
      ];
      const steps = `${tagOf(was)} to ${tagOf(image)}`;
      if (repositoryOf(was) !== repositoryOf(image))
        return found('unknown', 'image-program', `runs ${image} instead of ${was}`);
      switch (versionStep(tagOf(was), tagOf(image))) {
        case 'downgrade': {
          const reason = daemonOf(next, components)?.downgrade;
          return found(
            keepsData ? 'data-loss' : 'unknown',
            'image-downgrade',
            `goes back from ${steps}`,
            reason,
          );
        }
        case 'major upgrade':
          return found('unknown', 'image-major-upgrade', `goes from ${steps}, a new major version`);
        case 'unknown':
          return found('unknown', 'image-version', `runs ${image} instead of ${was}`);
        default:
          return [];
      }
    });
  });
}
