import { EmbeddedDocument } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/object';
import type { Review } from '../review';
import { requestsOfChange } from './requests';
import { showChange } from './values';
import { countEffects, verdict } from './verdict';

/** Version of the format. It increases when a field is renamed or removed, not when one is added. */
const FORMAT_VERSION = 2;

/** A review for programs, as described in docs/review.md. */
export function jsonReport({ base, head, reviews, objects, places }: Review): string {
  const reference = (object: KubernetesObject) => {
    const { apiVersion, kind, metadata } = object;
    return {
      apiVersion,
      kind,
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      place: places.get(object),
    };
  };
  const report = {
    version: FORMAT_VERSION,
    base,
    head,
    verdict: verdict(reviews),
    objects,
    effects: Object.fromEntries(countEffects(reviews).map(({ effect, count }) => [effect, count])),
    clusters: reviews.map(({ cluster, findings, isFirst = false }) => {
      const ofType = (type: string) =>
        cluster.objects
          .filter((object) => object.type === type)
          .map((object) => reference(object.type === 'deleted' ? object.old : object.new));
      const requests = requestsOfChange(cluster);
      return {
        folder: cluster.folder,
        isFirst,
        ...(requests && { requests }),
        created: ofType('created'),
        deleted: ofType('deleted'),
        changed: ofType('changed'),
        findings: findings.map(({ object, changes, outage = false, steps = [], ...finding }) => ({
          ...finding,
          outage,
          steps,
          object: reference(object),
          changes: changes.map((change) => showChange(change, object)),
        })),
      };
    }),
  };
  return `${JSON.stringify(report, plain, 2)}\n`;
}

/** Integers that a double cannot represent become strings. Documents become their data. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof EmbeddedDocument ? value.data : value;
}
