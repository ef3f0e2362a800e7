import { keysOf } from '../../diff/path';
import { textAt } from '../../manifests/json';
import { nameOf } from '../../manifests/manifest';
import type { Context, EffectiveChange } from '../context';
import type { Finding } from '../finding';
import { type Reading, readersOf } from '../pods';
import { kubernetesDocs } from '../rules/rule';
import { checksumsOf, isRestarted } from './restarts';

const CONTENT = ['data', 'binaryData', 'stringData'];

const FILES = kubernetesDocs(
  'concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically',
);

const SIDECAR_LABELS = ['grafana_dashboard', 'grafana_datasource', 'grafana_alert'];

/** Who reads a ConfigMap or Secret that changes, and when they see the change: mostly not before a restart. */
export function reach(context: Context): Finding[] {
  return context.changed.flatMap((object): Finding[] => {
    const changes = object.changes.filter(({ path }) => CONTENT.includes(keysOf(path)[0] ?? ''));
    if (changes.length === 0 || object.refused) return [];
    const readers = readersOf(context.cluster.new, object.new);
    const seen =
      readers.length > 0
        ? readers.map(({ workload, reading }) =>
            isRestarted(context, workload)
              ? restarted(nameOf(workload))
              : notRestarted(nameOf(workload), reading, checksumsOf(workload)),
          )
        : [isForSidecar(object) ? SIDECAR : NOBODY];
    return seen.map(({ rule, says, reason, source }) => ({
      effect: 'live',
      rule,
      object: object.new,
      title: `${nameOf(object.new)}: ${says}`,
      reason,
      source,
      changes,
    }));
  });
}

interface Seen {
  readonly rule: string;
  readonly says: string;
  readonly reason: string;
  readonly source: string;
}

const restarted = (workload: string): Seen => ({
  rule: 'config-with-restart',
  says: `${workload} takes the change as it restarts`,
  reason: 'The pod template changes too, so that the new pods read the new content.',
  source: FILES,
});

function notRestarted(workload: string, reading: Reading, checksums: readonly string[]): Seen {
  const stale =
    checksums.length > 0
      ? ` Its checksum (${checksums.join(', ')}) does not change, though it is there for that.`
      : '';
  return reading === 'files'
    ? {
        rule: 'config-without-restart',
        says: `nothing restarts ${workload}; it sees the new file in a minute or two, and takes the change only if it reads the file again by itself`,
        reason: `A change of a ConfigMap or Secret restarts no pod. Files of a volume follow it; what a program read at its start does not.${stale}`,
        source: FILES,
      }
    : {
        rule: 'config-not-seen',
        says: `nothing restarts ${workload}, and its running pods never see the change: they keep the old values until they restart`,
        reason: `Variables and files mounted by subPath are fixed when a container starts.${stale}`,
        source: kubernetesDocs('concepts/configuration/configmap/#using-configmaps'),
      };
}

const SIDECAR: Seen = {
  rule: 'config-sidecar',
  says: "Grafana's sidecar takes the change within a minute; nothing restarts",
  reason: 'The sidecar watches labelled objects, writes their files anew and tells Grafana to load them.',
  source: 'https://github.com/kiwigrid/k8s-sidecar#how-to-run',
};

const NOBODY: Seen = {
  rule: 'config-without-reader',
  says: 'no pod of these manifests reads it; who else does cannot be seen from here',
  reason: 'A change of a ConfigMap or Secret restarts no pod.',
  source: FILES,
};

function isForSidecar({ new: object }: EffectiveChange): boolean {
  return SIDECAR_LABELS.some((label) => textAt(object.content, 'metadata', 'labels', label) !== undefined);
}
