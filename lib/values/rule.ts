import { z } from 'zod';

/**
 * A check across settings of one section, for values that are right one by one and contradict each other.
 *
 * It runs when the settings it reads were right by themselves, whatever else is wrong in the file: one
 * synth then tells every mistake.
 *
 * @param reads Settings the check reads, as dotted paths. The mistake is the first one's, and is reported at
 *   the first one that the file mentions.
 * @param problem The end of the sentence "<first setting> must be …", or undefined where all is well.
 */
export function rule<T>(reads: readonly [string, ...string[]], problem: (settings: T) => string | undefined) {
  const paths = reads.map((path) => path.split('.'));
  return z.superRefine<T>(
    (settings, context) => {
      const message = problem(settings);
      if (message === undefined) return;
      // A copy, as zod puts the place of the section before it, at each mistake anew.
      context.addIssue({ code: 'custom', message, path: [...(paths[0] ?? [])], params: { reads: paths } });
    },
    {
      when: ({ issues }) =>
        !issues.some(
          (issue) =>
            // The mistake of another rule is none in the values that this one reads.
            !(issue.code === 'custom' && issue.params?.['reads']) &&
            issue.code !== 'unrecognized_keys' &&
            paths.some((path) => related(path, issue.path ?? [])),
        ),
    },
  );
}

/** Whether one path leads to the other, or through it. */
function related(path: readonly string[], other: readonly PropertyKey[]): boolean {
  return path.every((key, index) => index >= other.length || other[index] === key);
}
