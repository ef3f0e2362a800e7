import { CONTENT_SECTIONS } from '../../kubernetes/embedded';
import { formatBytes } from '../../kubernetes/format-amount';
import { mapAt } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/object';
import type { ReviewContext } from '../component-review';
import { type DraftFinding, draft } from '../finding';

/** Bytes of all annotations of an object together. */
const MAX_ANNOTATIONS = 262_144;

/** Bytes of the content of a ConfigMap or Secret. */
const MAX_CONTENT = 1_048_576;

/** Objects that are too large to be applied. */
export function sizes({ applied }: ReviewContext): DraftFinding[] {
  return applied.flatMap(({ old, new: object, changes }): DraftFinding[] => {
    const size = sizeOf(object);
    // An object that was too large before has already been applied server-side.
    if (size <= MAX_ANNOTATIONS || (old && sizeOf(old) > MAX_ANNOTATIONS)) return [];
    const content = contentSize(object);
    if (content > MAX_CONTENT) {
      const says = `it contains ${formatBytes(content)}, and the limit is ${formatBytes(MAX_CONTENT)}`;
      return [draft('refused', 'content-too-large', object, { says, changes })];
    }
    const detail = ` (${formatBytes(size)} of ${formatBytes(MAX_ANNOTATIONS)})`;
    return [draft('refused', 'too-large-for-annotation', object, { detail, changes })];
  });
}

function contentSize(object: KubernetesObject): number {
  if (object.kind !== 'ConfigMap' && object.kind !== 'Secret') return 0;
  return CONTENT_SECTIONS.flatMap((key) => Object.values(mapAt(object, key))).reduce<number>(
    (total, one) => total + Buffer.byteLength(String(one)),
    0,
  );
}

/** Size as the API server measures it: JSON without spaces. */
function sizeOf(object: KubernetesObject): number {
  return Buffer.byteLength(JSON.stringify(object, (_, one) => (typeof one === 'bigint' ? String(one) : one)));
}
