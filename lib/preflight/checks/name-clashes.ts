import { type Check, type Finding, fail, ok, unknown } from '../check';
import { Unread } from '../cluster';
import { isOwn, type KubernetesObject, show } from '../objects';
import { unique } from '../wanted';

/** No object of `dist/` has the name of one that belongs to somebody else. */
export const nameClashes: Check = {
  id: 'name-clashes',
  source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts',
  judge(wanted, cluster) {
    const findings: Finding[] = [];
    const unread: Unread[] = [];
    let own = 0;
    for (const object of wanted.objects) {
      try {
        const found = cluster.find(object);
        if (found === undefined) continue;
        if (isOwn(found)) own++;
        else findings.push(clash(found));
      } catch (error) {
        if (!(error instanceof Unread)) throw error;
        unread.push(error);
      }
    }
    for (const kind of unique(unread.map((error) => error.kind))) {
      const reason = unread.find((error) => error.kind === kind)?.reason ?? '';
      const names = wanted.kind(kind).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
      findings.push(
        unknown(
          `${kind} was not read (${reason})`,
          `look yourself whether these are free: ${names.join(', ')}`,
        ),
      );
    }
    if (findings.length > 0) return findings;
    const total = wanted.objects.length;
    return [
      ok(own === 0 ? `all ${total} names are free` : `${own} of ${total} are there already, and are ours`),
    ];
  },
};

function clash(found: KubernetesObject): Finding {
  const { annotations, labels } = found.metadata;
  const release = annotations?.['meta.helm.sh/release-name'];
  const owner =
    release === undefined
      ? `managed by ${labels?.['app.kubernetes.io/managed-by'] ?? 'whoever applied it'}`
      : `of the Helm release ${release}`;
  return fail(
    `${show(found)} exists, ${owner}`,
    'do not apply over it: docs/move-in.md tells how to move from what is there; or set cluster.namespace to another namespace',
  );
}
