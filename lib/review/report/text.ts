import type { Finding } from '../impact/finding';
import type { ClusterReview } from '../impact/judge';
import type { Review } from './review';
import { showChange } from './values';
import { byEffect, clusterName, HEADINGS, verdict } from './verdict';

const INDENT = '    ';

/** A review for a terminal: everything, nothing shortened. */
export function textReport({ base, head, reviews }: Review): string {
  const lines = [
    `${base} → ${head}`,
    verdict(reviews),
    ...reviews.flatMap((review) => cluster(review, reviews.length)),
  ];
  return `${lines.join('\n')}\n`;
}

function cluster({ cluster: { folder }, findings }: ClusterReview, count: number): string[] {
  const heading = count > 1 || folder !== '.' ? ['', `== ${clusterName(folder)} ==`] : [];
  return [
    ...heading,
    ...byEffect(findings).flatMap(({ effect, findings: some }) => [
      '',
      HEADINGS[effect],
      ...some.flatMap(finding),
    ]),
  ];
}

function finding({ title, reason, source, outage, steps, changes, object, rule }: Finding): string[] {
  return [
    `  - ${title}${outage ? ' (OUTAGE)' : ''}`,
    `${INDENT}why: ${reason} [${rule}] ${source}`,
    ...(steps ?? []).map(
      (step, index) => `${INDENT}${index === 0 ? 'safely:' : '       '} ${index + 1}. ${step}`,
    ),
    ...changes.map((change) => {
      const { type, path, old, new: next } = showChange(change, object);
      return `${INDENT}${type} ${path}: ${[old, next].filter((value) => value !== undefined).join(' → ')}`;
    }),
  ];
}
