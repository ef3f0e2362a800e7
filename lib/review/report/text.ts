import type { Review } from '../review';
import { byEffect, type GroupedFinding, groupFindings, inClusters } from './groups';
import { groupRequests } from './requests';
import { diffLines } from './values';
import { HEADINGS, scope, verdict } from './verdict';

const INDENT = '    ';

/** A complete review for a terminal. */
export function textReport(review: Review): string {
  const sections = byEffect(groupFindings(review.reviews)).flatMap(([effect, some]) => [
    '',
    HEADINGS[effect],
    ...some.flatMap((group) => show(group, review)),
  ]);
  return `${[scope(review), verdict(review.reviews), ...requests(review), ...sections].join('\n')}\n`;
}

function requests({ reviews }: Review): string[] {
  return groupRequests(reviews).flatMap(({ folders, rows }) => {
    const where = folders.length === 1 && folders[0] === '.' ? '' : ` ${inClusters(folders)}`;
    return [
      '',
      `Requests${where}`,
      ...rows.map(([what, old, next, difference]) => `  ${what}: ${old} → ${next} (${difference})`),
    ];
  });
}

function show({ finding, changes, clusters }: GroupedFinding, { reviews }: Review): string[] {
  const { title, reason, source, outage, steps = [], rule } = finding;
  const where = reviews.length > 1 || clusters[0] !== '.' ? [`${INDENT}${inClusters(clusters)}`] : [];
  return [
    `  ${outage ? 'OUTAGE ' : ''}${title}`,
    ...where,
    `${INDENT}why: ${reason}`,
    `${INDENT}rule ${rule}: ${source}`,
    ...(steps.length > 0
      ? [`${INDENT}safely:`, ...steps.map((step, index) => `${INDENT}  ${index + 1}. ${step}`)]
      : []),
    ...changes.flatMap((change) => [
      `${INDENT}${change.type} ${change.path}`,
      ...diffLines(change).map((line) => `${INDENT}  ${line}`),
    ]),
  ];
}
