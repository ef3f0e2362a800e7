import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { type Problem, ValuesError } from '../values/problem';
import { type ReadValues, readValues } from '../values/read-values';
import { type LogAlertFile, logAlertsSchema } from './log-alert';
import { unknownLabels } from './logql';

type Read = ReadValues<(typeof logAlertsSchema)['_output']>;

/**
 * Reads every `*.yaml` in a folder, and in its folders, which have the names of tenants; a folder that does not exist
 * contains none.
 *
 * @param streamLabels Labels of streams in each cluster.
 * @throws ValuesError with every mistake in all of the files.
 */
export function readLogAlerts(
  folder: string,
  streamLabels: ReadonlyArray<readonly string[]>,
): LogAlertFile[] {
  if (!existsSync(folder)) return [];
  const folders = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  return [
    ...readFolder(folder, streamLabels),
    ...folders
      .map(({ name }) => name)
      .sort()
      .flatMap((tenant) =>
        readFolder(posix.join(folder, tenant), streamLabels).map((file) => ({ ...file, tenant })),
      ),
  ];
}

function readFolder(folder: string, streamLabels: ReadonlyArray<readonly string[]>): LogAlertFile[] {
  const problems: Problem[] = [];
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .flatMap((fileName) => {
      const file = posix.join(folder, fileName);
      try {
        const read = readValues(file, logAlertsSchema);
        problems.push(...nameProblems(file, fileName), ...groupProblems(read));
        problems.push(...labelProblems(read, streamLabels));
        return [{ name: fileName, groups: read.source.valueAt(['groups']) as LogAlertFile['groups'] }];
      } catch (error) {
        if (!(error instanceof ValuesError)) throw error;
        problems.push(...error.problems);
        return [];
      }
    });
  if (problems.length > 0) throw new ValuesError(problems);
  return files;
}

/** The name is a key of a ConfigMap. */
function nameProblems(file: string, fileName: string): Problem[] {
  return /^[a-z0-9](?:[-a-z0-9]{0,60}[a-z0-9])?\.yaml$/.test(fileName)
    ? []
    : [
        {
          file,
          line: 1,
          column: 1,
          message: 'must be renamed: lower case letters, digits and "-", then .yaml',
        },
      ];
}

/** Loki refuses a file with two groups of one name. */
function groupProblems({ settings: { groups }, source }: Read): Problem[] {
  return groups.flatMap(({ name }, index) =>
    groups.findIndex((other) => other.name === name) < index
      ? [
          source.problem(
            ['groups', index, 'name'],
            `groups[${index}].name must be unique, got "${name}" again`,
          ),
        ]
      : [],
  );
}

/** An alert on streams that do not exist never fires. */
function labelProblems(
  { settings: { groups }, source }: Read,
  streamLabels: ReadonlyArray<readonly string[]>,
): Problem[] {
  // What not every cluster has, an alert of all clusters cannot use.
  const [first = [], ...others] = streamLabels;
  const known = first.filter((label) => others.every((labels) => labels.includes(label)));
  return groups.flatMap(({ rules }, group) =>
    rules.flatMap(({ expr }, index) => {
      const unknown = unknownLabels(expr, known);
      const path = ['groups', group, 'rules', index, 'expr'];
      return unknown.length === 0
        ? []
        : [
            source.problem(
              path,
              `groups[${group}].rules[${index}].expr must select streams by their labels ${known.join(', ')}, not by ${unknown.join(', ')}`,
            ),
          ];
    }),
  );
}
