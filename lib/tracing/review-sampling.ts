import { type Json, listAt, mapAt, textAt } from '../kubernetes/json';
import type { ConfigFinding, ConfigVersions } from '../review/component-review';
import { canonical } from '../review/diff/canonical';
import { casesFound } from '../review/difference';

/** A policy that decides which traces are kept. */
interface Policy {
  /** A description, if the policy is simple. */
  readonly words?: string;
  readonly text: string;
  /** Increases with the number of traces kept. Comparable between two versions of one policy. */
  readonly keeps: number;
}

/** How a change of the sampling policies affects traces. */
export function samplingFindings({ old, new: next }: ConfigVersions): ConfigFinding[] {
  const [before, after] = [policiesOf(old), policiesOf(next)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changed = names.filter((name) => before.get(name)?.text !== after.get(name)?.text);
  if (changed.length === 0) return [];
  const inWords = changed.map((name) => {
    const [was, now] = [before.get(name), after.get(name)];
    if (!was) return `${name}: new${now?.words ? ` (${now.words})` : ''}`;
    if (!now) return `${name}: gone`;
    return was.words && now.words ? `${name}: ${now.words} instead of ${was.words}` : `${name}: changed`;
  });
  const isFewer = changed.some((name) => (after.get(name)?.keeps ?? 0) < (before.get(name)?.keeps ?? 0));
  const paths = ['processors.*.policies', 'processors.*.sampling_percentage'];
  return casesFound([
    [
      'data-loss',
      'collector-sampling-fewer',
      isFewer ? inWords : [],
      (all) => `fewer traces are kept (${all})`,
    ],
    ['capacity', 'collector-sampling', isFewer ? [] : inWords, (all) => `other traces are kept (${all})`],
  ]).map((found) => ({ ...found, paths }));
}

function policiesOf(config: Json): Map<string, Policy> {
  const found = new Map<string, Policy>();
  for (const [name, processor] of Object.entries(mapAt(config, 'processors'))) {
    for (const policy of listAt(processor, 'policies'))
      found.set(textAt(policy, 'name') ?? '', policyOf(policy));
    const percentage = textAt(processor, 'sampling_percentage');
    if (percentage !== undefined) found.set(name, ofPercentage(percentage));
  }
  return found;
}

function policyOf(policy: Json): Policy {
  const percentage = textAt(policy, 'probabilistic', 'sampling_percentage');
  if (percentage !== undefined) return ofPercentage(percentage);
  const text = canonical('', policy);
  const slow = textAt(policy, 'latency', 'threshold_ms');
  return slow === undefined
    ? { text, keeps: 1 }
    : { text, words: `slower than ${slow} ms`, keeps: 1 / (1 + Number(slow)) };
}

function ofPercentage(percentage: string): Policy {
  return { text: percentage, words: `${percentage}%`, keeps: Number(percentage) };
}
