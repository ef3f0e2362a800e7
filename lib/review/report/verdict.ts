import { EFFECTS, type Effect, type Finding } from '../impact/finding';
import type { ClusterReview } from '../impact/judge';
import { counted } from '../impact/words';
import type { Review } from './review';

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
const DANGERS: readonly Effect[] = ['data-loss', 'refused', 'deletes', 'access', 'unknown'];

/** Whether a finding is to be seen at once. */
export function isDanger({ effect, outage }: Finding): boolean {
  return DANGERS.includes(effect) || outage === true;
}

/** How many findings of each effect there are, the worst first; those without any are left out. */
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
  capacity: (count) => `changes the bill or the room there is (${count})`,
  unknown: (count) => `does what cannot be judged here (${count})`,
  live: () => '',
  none: () => '',
};

/** What to make of it all, in one line. */
export function verdict(reviews: readonly ClusterReview[]): string {
  const counts = countEffects(reviews);
  if (counts.length === 0) return 'Nothing changes.';
  const phrases = counts.map(({ effect, count }) => PHRASES[effect](count)).filter(Boolean);
  if (phrases.length === 0)
    return counts.some(({ effect }) => effect === 'live')
      ? 'Can be applied: everything changes in place, and nothing restarts.'
      : 'Nothing changes in the cluster; only the manifests are written in another way.';
  const outages = reviews.flatMap(({ findings }) => findings).filter(({ outage }) => outage).length;
  if (outages > 0) phrases.push(`has ${counted(outages, 'outage')}`);
  const stop = counts.some(({ effect }) => DANGERS.includes(effect));
  return `${stop ? 'Look before you merge. It' : 'Can be applied. It'} ${phrases.join(', ')}.`;
}

/** How much was compared, in one line. */
export function scope({ base, head, reviews, objects }: Review): string {
  const changes = reviews.flatMap(({ cluster }) => cluster.objects);
  const count = (type: string) => changes.filter((object) => object.type === type).length;
  const clusters = reviews.length > 1 ? ` in ${reviews.length} clusters` : '';
  return `${base} → ${head}: ${objects.base} → ${counted(objects.head, 'object')}; ${count('changed')} changed, ${count('created')} new, ${count('deleted')} gone${clusters}`;
}
