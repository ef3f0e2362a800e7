import * as z from 'zod';
import { optional, text } from '../values/fields';

const part = (example: string) =>
  optional(text(`an SELinux name such as "${example}"`, /^[A-Za-z0-9][\w.:,-]*$/));

/**
 * The SELinux context of a container; undefined lets the container runtime choose it.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container
 */
export function seLinuxSettings() {
  return optional(
    z.strictObject({
      type: part('spc_t').describe('Type of the process, which determines what it may read and write.'),
      level: part('s0').describe('Level, with categories.'),
      role: part('system_r').describe('Role.'),
      user: part('system_u').describe('User.'),
    }),
  );
}
