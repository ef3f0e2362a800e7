import * as z from 'zod';

/**
 * A check across settings of one map, for values that are valid individually but contradict each other.
 *
 * It runs if the settings it reads are valid individually, even if other settings are not, so that one synth reports
 * every mistake.
 *
 * @param reads Settings the check reads, as dotted paths. The message names the first one; the position is that of the
 *   first one that the file mentions.
 * @param problem The end of the sentence "<first setting> must be …", or undefined if the settings are valid.
 */
export function rule<T>(reads: readonly [string, ...string[]], problem: (settings: T) => string | undefined) {
  const paths = reads.map((path) => path.split('.'));
  return z.superRefine<T>(
    (settings, context) => {
      const message = problem(settings);
      if (message === undefined) return;
      // A copy, because zod prepends the path of the map in place, once for each mistake.
      context.addIssue({ code: 'custom', message, path: [...(paths[0] ?? [])], params: { reads: paths } });
    },
    {
      when: ({ issues }) =>
        !issues.some(
          (issue) =>
            // A contradiction found by another rule does not make the values that this rule reads invalid.
            !(issue.code === 'custom' && issue.params?.['reads']) &&
            issue.code !== 'unrecognized_keys' &&
            paths.some((path) => related(path, invalidPath(issue))),
        ),
    },
  );
}

/** The path of an invalid value. A map whose alternative is unknown is invalid as a whole: it has no defaults. */
function invalidPath({ code, path = [], ...issue }: z.core.$ZodRawIssue): readonly PropertyKey[] {
  return code === 'invalid_union' && issue['discriminator'] !== undefined ? path.slice(0, -1) : path;
}

/** Whether one path contains the other. */
function related(path: readonly string[], other: readonly PropertyKey[]): boolean {
  return path.every((key, index) => index >= other.length || other[index] === key);
}
