import { at, isMap, type Json, listAt, textAt } from '../../kubernetes/json';
import { containersOf, podOf } from '../../kubernetes/pods';
import type { EffectiveChange, ReviewContext } from '../component-review';
import { type DraftFinding, draft } from '../finding';

/** A path in a container whose data outlives the pod. */
interface Mount {
  readonly container: string;
  readonly path: string;
  /** The mounted source: `claim loki`, `host path /var/lib/promtail`. */
  readonly source: string;
}

/** Data that a daemon no longer finds: its volume is not mounted, was replaced, or is mounted elsewhere. */
export function volumes({ changed }: ReviewContext): DraftFinding[] {
  return changed.flatMap((object) => {
    const next = mountsOf(object.new);
    return mountsOf(object.old).flatMap((mount) => lost(object, mount, next));
  });
}

function lost(
  object: EffectiveChange,
  { container, path, source }: Mount,
  next: readonly Mount[],
): DraftFinding[] {
  const here = next.filter((one) => one.container === container);
  const same = here.filter((one) => one.source === source);
  if (podOf(object.new) === undefined || same.some((one) => one.path === path)) return [];
  const instead = here.find((one) => one.path === path);
  const [rule, says] = instead
    ? ['volume-replaced', `${path} is ${instead.source} instead of ${source}: it starts with what is there`]
    : same[0]
      ? [
          'mount-path-moved',
          `${source} is mounted at ${same[0].path} instead of ${path}: its data is not found there`,
        ]
      : [
          'volume-not-mounted',
          `${source} is no longer mounted at ${path}: data written there is deleted with the pod`,
        ];
  const changes = object.changes.filter(({ path: keys }) =>
    keys.some((key) => VOLUME_FIELDS.includes(String(key))),
  );
  return [draft('data-loss', rule, object.new, { says, text: 'volume-lost', changes })];
}

const VOLUME_FIELDS = ['volumes', 'volumeMounts', 'volumeClaimTemplates', 'containers'];

/** Mounts of volumes that outlive a pod. */
function mountsOf(object: EffectiveChange['new']): Mount[] {
  const pod = podOf(object);
  const sources = new Map<string, string>();
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    const source = persistentSource(volume);
    if (source !== undefined) sources.set(textAt(volume, 'name') ?? '', source);
  }
  for (const template of listAt(object, 'spec', 'volumeClaimTemplates')) {
    const name = textAt(template, 'metadata', 'name') ?? '';
    sources.set(name, `claim of template ${name}`);
  }
  return containersOf(pod).flatMap((container) =>
    listAt(container, 'volumeMounts').flatMap((mount): Mount[] => {
      const source = sources.get(textAt(mount, 'name') ?? '');
      if (source === undefined || at(mount, 'readOnly') === true) return [];
      const folder = textAt(mount, 'subPath') ?? textAt(mount, 'subPathExpr');
      return [
        {
          container: textAt(container, 'name') ?? '',
          path: (textAt(mount, 'mountPath') ?? '').replace(/(.)\/$/, '$1'),
          source: folder === undefined ? source : `folder ${folder} of ${source}`,
        },
      ];
    }),
  );
}

/** Volumes that are deleted with the pod, or contain no data of their own. */
const TRANSIENT = [
  'emptyDir',
  'configMap',
  'secret',
  'projected',
  'downwardAPI',
  'ephemeral',
  'image',
  'name',
];

function persistentSource(volume: Json): string | undefined {
  const claim = textAt(volume, 'persistentVolumeClaim', 'claimName');
  if (claim !== undefined) return `claim ${claim}`;
  const path = textAt(volume, 'hostPath', 'path');
  if (path !== undefined) return `host path ${path}`;
  const other = (isMap(volume) ? Object.keys(volume) : []).find((key) => !TRANSIENT.includes(key));
  return other === undefined ? undefined : `${other} ${JSON.stringify(at(volume, other))}`;
}
