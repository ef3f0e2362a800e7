import { mapAt } from '../../manifests/json';
import { type Manifest, nameOf } from '../../manifests/manifest';
import type { Context } from '../context';
import type { Finding } from '../finding';
import { kubernetesDocs } from '../rules/rule';
import { bytes } from '../units';

/** What all annotations of an object may add up to. */
const MAX_ANNOTATIONS = 262_144;

/** What a ConfigMap or Secret may hold. */
const MAX_CONTENT = 1_048_576;

/** Objects that are too large to be applied. */
export function sizes({ changed, created }: Context): Finding[] {
  return [
    ...changed.map(({ old, new: object, changes }) => ({ before: sizeOf(old), object, changes })),
    ...created.map((object) => ({ before: 0, object, changes: [] })),
  ].flatMap(({ before, object, changes }): Finding[] => {
    const size = sizeOf(object);
    // What was too large before is applied by the server's side already, or it would not be there.
    if (size <= MAX_ANNOTATIONS || before > MAX_ANNOTATIONS) return [];
    const content = contentSize(object);
    const always = content > MAX_CONTENT;
    return [
      {
        effect: 'refused',
        rule: always ? 'content-too-large' : 'too-large-for-annotation',
        object,
        title: always
          ? `${nameOf(object)} holds ${bytes(content)}; it may hold ${bytes(MAX_CONTENT)}`
          : `${nameOf(object)} is too large for plain kubectl apply (${bytes(size)} of ${bytes(MAX_ANNOTATIONS)}); server-side apply takes it`,
        reason: always
          ? 'A ConfigMap or Secret may hold 1 MiB.'
          : 'Client-side apply keeps a copy of the whole object in an annotation, and all annotations may be 256 KiB.',
        source: kubernetesDocs(
          always
            ? 'concepts/configuration/configmap/'
            : 'concepts/overview/working-with-objects/annotations/',
        ),
        steps: always
          ? ['divide it into several, or take what is large from an image or a volume']
          : [
              'apply it by kubectl apply --server-side, or with ServerSideApply=true in Argo CD',
              'or make it smaller: minify JSON, one dashboard in each ConfigMap',
            ],
        changes,
      },
    ];
  });
}

function contentSize({ kind, content }: Manifest): number {
  if (kind !== 'ConfigMap' && kind !== 'Secret') return 0;
  return ['data', 'binaryData', 'stringData'].reduce((sum, key) => {
    const values = Object.values(mapAt(content, key));
    return sum + values.reduce<number>((total, one) => total + Buffer.byteLength(String(one)), 0);
  }, 0);
}

/** As the API server counts it: JSON without spaces. */
function sizeOf({ content }: Manifest): number {
  return Buffer.byteLength(
    JSON.stringify(content, (_, one) => (typeof one === 'bigint' ? String(one) : one)),
  );
}
