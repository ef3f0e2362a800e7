import { amount } from '../bill';
import { type Check, type Finding, fail, ok } from '../check';
import type { Claim } from '../kinds';
import { isOwn, show } from '../objects';

/** A claim that is there already can become what `dist/` says: it never shrinks, and keeps its StorageClass. */
export const existingClaims: Check = {
  id: 'existing-claims',
  source:
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims',
  judge(wanted, cluster) {
    const findings = wanted.claims.flatMap((claim): Finding[] => {
      const found = cluster.find(claim);
      return found === undefined || !isOwn(found) ? [] : changes(claim, found);
    });
    return findings.length > 0 ? findings : [ok('no existing claim is in the way')];
  },
};

const sizeOf = ({ spec }: Claim) => spec.resources.requests?.['storage'] ?? '0';

function changes(claim: Claim, found: Claim): Finding[] {
  const findings: Finding[] = [];
  const [wanted, is] = [claim.spec.storageClassName, found.spec.storageClassName];
  if (wanted !== undefined && wanted !== is)
    findings.push(
      fail(
        `${show(found)} is of StorageClass ${is}, not ${wanted}, and cannot change`,
        'keep the class that it has',
        {
          ours: { cluster: { storageClassName: is } },
        },
      ),
    );
  if (amount(sizeOf(claim)) < amount(sizeOf(found)))
    findings.push(
      fail(
        `${show(found)} holds ${sizeOf(found)} and cannot shrink to ${sizeOf(claim)}`,
        'keep the size that it has',
        {
          ours: sizeSetting(claim.metadata.name, sizeOf(found)),
        },
      ),
    );
  return findings;
}

function sizeSetting(claim: string, size: string) {
  return claim === 'otel-collector'
    ? { tracing: { queue: { storage: { size } } } }
    : { [claim]: { storage: { size } } };
}
