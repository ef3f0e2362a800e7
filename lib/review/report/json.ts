import { EmbeddedDocument } from '../manifests/json';
import type { Manifest } from '../manifests/manifest';
import type { Review } from './review';
import { showChange } from './values';
import { countEffects, verdict } from './verdict';

/** Version of the format; it changes when a field is renamed or goes, not when one comes. */
const FORMAT_VERSION = 1;

/** A review for programs; docs/review.md describes it. */
export function jsonReport({ base, head, reviews, objects }: Review): string {
  const report = {
    version: FORMAT_VERSION,
    base,
    head,
    verdict: verdict(reviews),
    objects,
    effects: Object.fromEntries(countEffects(reviews).map(({ effect, count }) => [effect, count])),
    clusters: reviews.map(({ cluster, findings, bill }) => ({
      folder: cluster.folder,
      ...(bill && { bill }),
      created: cluster.objects.flatMap((object) =>
        object.type === 'created' ? [reference(object.new)] : [],
      ),
      deleted: cluster.objects.flatMap((object) =>
        object.type === 'deleted' ? [reference(object.old)] : [],
      ),
      changed: cluster.objects.flatMap((object) =>
        object.type === 'changed' ? [reference(object.new)] : [],
      ),
      findings: findings.map(({ object, changes, outage = false, steps = [], ...finding }) => ({
        ...finding,
        outage,
        steps,
        object: reference(object),
        changes: changes.map((change) => showChange(change, object)),
      })),
    })),
  };
  return `${JSON.stringify(report, plain, 2)}\n`;
}

function reference({ apiVersion, kind, namespace, name, place }: Manifest) {
  return { apiVersion, kind, namespace, name, place };
}

/** JSON has no numbers that a double cannot hold, so they are texts; documents are their data. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof EmbeddedDocument ? value.data : value;
}
