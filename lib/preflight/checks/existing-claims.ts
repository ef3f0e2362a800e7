import { formatBytes } from '../../kubernetes/format-amount';
import { nameOf } from '../../kubernetes/object';
import { claimSize } from '../../kubernetes/requests';
import { type Check, fail, notRequired, ok, type Values } from '../check';
import { isOwn } from '../desired';

/** The setting behind the size of each claim. */
const SIZES: Readonly<Record<string, (size: string) => Values>> = {
  loki: (size) => ({ loki: { storage: { size } } }),
  tempo: (size) => ({ tempo: { storage: { size } } }),
  'otel-collector': (size) => ({ tracing: { queue: { storage: { size } } } }),
};

/** An existing claim can take the values in `dist/`: it does not shrink and keeps its StorageClass. */
export const existingClaims: Check = {
  id: 'existing-claims',
  source:
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims',
  command: 'get persistentvolumeclaims --all-namespaces',
  *assess(desired, cluster) {
    const claims = desired.kind('PersistentVolumeClaim');
    if (claims.length === 0) return notRequired('no volumes are rendered');
    const existing = claims.flatMap((claim) => {
      const found = cluster.find(claim);
      return found === undefined || !isOwn(found) ? [] : [{ claim, found }];
    });
    for (const { claim, found } of existing) {
      const [wanted, is] = [claim.spec?.storageClassName, found.spec?.storageClassName];
      if (wanted !== undefined && wanted !== is)
        yield fail(
          [found],
          `${nameOf(found)} has StorageClass ${is}, not ${wanted}, and the field is immutable`,
          'keep its class',
          { values: { cluster: { storageClassName: is } } },
        );
      const [size, smaller] = [formatBytes(claimSize(found)), formatBytes(claimSize(claim))];
      if (claimSize(claim) < claimSize(found))
        yield fail([found], `${nameOf(found)} has ${size} and cannot shrink to ${smaller}`, 'keep its size', {
          values: SIZES[claim.metadata.name]?.(size),
        });
    }
    const found = existing.map((one) => one.found);
    return ok([...cluster.namespaces(desired.namespaces), ...found], 'no existing claim conflicts');
  },
};
