import type { ClusterReview } from '../assess';
import { EFFECTS, type Effect, type ReviewFinding } from '../finding';
import type { Review } from '../review';
import { counted } from '../words';

/** Effects as headings. */
export const HEADINGS: Readonly<Record<Effect, string>> = {
  'data-loss': 'Loses data',
  refused: 'Refused by the API server',
  deletes: 'Deletes',
  access: 'Opens access',
  restarts: 'Restarts pods',
  capacity: 'Changes requests or capacity',
  unknown: 'Unknown',
  live: 'Live',
  none: 'No effect',
};

/** Effects that a person should check before merging. */
const DANGERS: readonly Effect[] = ['data-loss', 'refused', 'deletes', 'access', 'unknown'];

/** Whether a finding must be visible immediately. */
export function isDanger({ effect, outage }: ReviewFinding): boolean {
  return DANGERS.includes(effect) || outage === true;
}

/** Number of findings per effect, the worst first. */
export function countEffects(reviews: readonly ClusterReview[]): { effect: Effect; count: number }[] {
  const all = reviews.flatMap(({ findings }) => findings);
  return EFFECTS.map((effect) => ({
    effect,
    count: all.filter((one) => one.effect === effect).length,
  })).filter(({ count }) => count > 0);
}

const PHRASES: Readonly<Record<Effect, (count: number) => string>> = {
  'data-loss': (count) => `loses data (${count})`,
  refused: (count) => `is refused by the API server (${count})`,
  deletes: (count) => `deletes (${count})`,
  access: (count) => `opens access (${count})`,
  restarts: (count) => `restarts ${counted(count, 'workload')}`,
  capacity: (count) => `changes requests or capacity (${count})`,
  unknown: (count) => `has ${counted(count, 'change')} that cannot be assessed`,
  live: () => '',
  none: () => '',
};

/** The result in one line. */
export function verdict(reviews: readonly ClusterReview[]): string {
  const first = reviews.filter(({ isFirst }) => isFirst).length;
  const opening =
    first === 0
      ? ''
      : first === 1
        ? 'A first deployment. '
        : `${first} clusters are deployed for the first time. `;
  return `${opening}${assessment(reviews, first > 0)}`;
}

function assessment(reviews: readonly ClusterReview[], isFirst: boolean): string {
  const counts = countEffects(reviews);
  if (counts.length === 0) return 'Nothing changes.';
  const phrases = counts.map(({ effect, count }) => PHRASES[effect](count)).filter(Boolean);
  if (phrases.length === 0) {
    if (isFirst) return 'Nothing that runs is affected.';
    return counts.some(({ effect }) => effect === 'live')
      ? 'Safe to apply: everything changes in place, and nothing restarts.'
      : 'Nothing changes in the cluster; only the manifests are written differently.';
  }
  const outages = reviews.flatMap(({ findings }) => findings).filter(({ outage }) => outage).length;
  if (outages > 0) phrases.push(`has ${counted(outages, 'outage')}`);
  const stop = counts.some(({ effect }) => DANGERS.includes(effect));
  return `${stop ? 'Check before you merge. It' : 'Can be applied. It'} ${phrases.join(', ')}.`;
}

/** Summary of what was compared, in one line. */
export function scope({ base, head, reviews, objects }: Review): string {
  const changes = reviews.flatMap(({ cluster }) => cluster.objects);
  const count = (type: string) => changes.filter((object) => object.type === type).length;
  const clusters = reviews.length > 1 ? ` in ${reviews.length} clusters` : '';
  return `${base} → ${head}: ${objects.base} → ${counted(objects.head, 'object')}; ${count('changed')} changed, ${count('created')} new, ${count('deleted')} gone${clusters}`;
}
