import { EFFECTS, type Effect, type Finding } from '../impact/finding';
import type { ClusterReview } from '../impact/judge';

/** Effects in the words of a heading. */
export const HEADINGS: Readonly<Record<Effect, string>> = {
  'data-loss': 'Loses data',
  refused: 'Refused by the API server',
  deletes: 'Deletes',
  access: 'Opens access',
  restarts: 'Restarts pods',
  capacity: 'Costs more, or has less room',
  unknown: 'Not judged',
  live: 'Live',
  none: 'No effect',
};

/** Effects that a person should stop at. */
export const DANGERS: readonly Effect[] = ['data-loss', 'refused', 'deletes', 'access'];

/** How many findings of each effect there are, the worst first; those without any are left out. */
export function countEffects(reviews: readonly ClusterReview[]): { effect: Effect; count: number }[] {
  const all = reviews.flatMap(({ findings }) => findings);
  return EFFECTS.map((effect) => ({
    effect,
    count: all.filter((one) => one.effect === effect).length,
  })).filter(({ count }) => count > 0);
}

/** What to make of it all, in one line. */
export function verdict(reviews: readonly ClusterReview[]): string {
  const counts = countEffects(reviews);
  if (reviews.length === 0) return 'Nothing changes.';
  const worst = counts[0]?.effect;
  const outages = reviews.flatMap(({ findings }) => findings).filter(({ outage }) => outage).length;
  const list = counts
    .filter(({ effect }) => effect !== 'live' && effect !== 'none')
    .map(({ effect, count }) => `${count} × ${PHRASES[effect]}`);
  if (outages > 0) list.push(`${outages} of the restarts ${outages === 1 ? 'is an outage' : 'are outages'}`);
  if (worst === 'none') return 'Nothing changes in the cluster; only the manifests are written differently.';
  if (list.length === 0) return 'Safe to apply: everything changes in place, and nothing restarts.';
  return `${DANGERS.includes(worst ?? 'none') ? 'Look before you merge' : 'Can be applied'}: ${list.join(', ')}.`;
}

const PHRASES: Readonly<Record<Effect, string>> = {
  'data-loss': 'data lost',
  refused: 'refused',
  deletes: 'deleted',
  access: 'access opened',
  restarts: 'restart',
  capacity: 'change of the bill or of room',
  unknown: 'not judged',
  live: 'live',
  none: 'without effect',
};

/** `in dist/staging`, where there is more than one cluster. */
export function clusterName(folder: string): string {
  return folder === '.' ? 'this folder' : folder;
}

/** Findings by their effect, in the order of {@link EFFECTS}. */
export function byEffect(findings: readonly Finding[]): { effect: Effect; findings: readonly Finding[] }[] {
  return EFFECTS.map((effect) => ({
    effect,
    findings: findings.filter((one) => one.effect === effect),
  })).filter((one) => one.findings.length > 0);
}
