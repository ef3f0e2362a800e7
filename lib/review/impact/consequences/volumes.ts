import { at, type Json, type JsonMap, listAt, textAt } from '../../manifests/json';
import { nameOf } from '../../manifests/manifest';
import type { Context, EffectiveChange } from '../context';
import type { Finding } from '../finding';
import { containersOf, podOf } from '../pods';
import { kubernetesDocs } from '../rules/rule';

/** A place in a container where data outlives the pod. */
interface Mount {
  readonly container: string;
  readonly path: string;
  /** What is mounted there: `claim loki`, `host path /var/lib/promtail`. */
  readonly source: string;
}

/** Data that a daemon does not find again: its volume is not mounted any more, is another one, or is mounted elsewhere. */
export function volumes({ changed }: Context): Finding[] {
  return changed.flatMap((object) => {
    const [before, after] = [podOf(object.old), podOf(object.new)];
    if (!before || !after) return [];
    const next = mountsOf(after, object.new.content);
    return mountsOf(before, object.old.content).flatMap((mount) => judge(object, mount, next));
  });
}

function judge(object: EffectiveChange, mount: Mount, next: readonly Mount[]): Finding[] {
  const same = next.filter(
    ({ container, source }) => container === mount.container && source === mount.source,
  );
  if (same.some(({ path }) => path === mount.path)) return [];
  const name = nameOf(object.new);
  const instead = next.find(({ container, path }) => container === mount.container && path === mount.path);
  const [rule, what] =
    instead !== undefined
      ? [
          'volume-replaced',
          `${mount.path} is ${instead.source} instead of ${mount.source}: it starts with what is there`,
        ]
      : same[0] !== undefined
        ? [
            'mount-path-moved',
            `${mount.source} is mounted at ${same[0].path} instead of ${mount.path}: a daemon that looks at the old place finds nothing, and writes to a disk that goes with the pod`,
          ]
        : [
            'volume-not-mounted',
            `${mount.source} is not mounted at ${mount.path} any more: what is written there goes with the pod`,
          ];
  const changes = object.changes.filter(({ path }) =>
    path.some(
      (key) =>
        key === 'volumes' || key === 'volumeMounts' || key === 'volumeClaimTemplates' || key === 'containers',
    ),
  );
  return [
    {
      effect: 'data-loss',
      rule,
      object: object.new,
      title: `${name}: ${what}`,
      reason: `The data itself stays in ${mount.source}; the new pods do not see it. What a container writes outside of volumes is deleted with the pod.`,
      source: kubernetesDocs('concepts/storage/volumes/'),
      steps: [
        'if the data is to move: scale to 0, copy it with a pod that mounts both places, compare, then apply',
        'if only the path is to move: change the configuration of the daemon in the same commit, and look whether it finds its data after the restart',
      ],
      changes,
    },
  ];
}

/** Mounts of volumes that outlive a pod. */
function mountsOf(pod: JsonMap, content: JsonMap): Mount[] {
  const sources = new Map<string, string>();
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    const source = persistentSource(volume);
    if (source !== undefined) sources.set(textAt(volume, 'name') ?? '', source);
  }
  for (const template of listAt(content, 'spec', 'volumeClaimTemplates')) {
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

/** Volumes that are gone with the pod, or hold nothing of its own. */
const PASSING = ['emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI', 'ephemeral', 'image', 'name'];

function persistentSource(volume: Json): string | undefined {
  const claim = textAt(volume, 'persistentVolumeClaim', 'claimName');
  if (claim !== undefined) return `claim ${claim}`;
  const path = textAt(volume, 'hostPath', 'path');
  if (path !== undefined) return `host path ${path}`;
  const kind = typeof volume === 'object' && volume !== null ? Object.keys(volume) : [];
  const other = kind.find((key) => !PASSING.includes(key));
  return other === undefined ? undefined : `${other} ${JSON.stringify(at(volume, other))}`;
}
