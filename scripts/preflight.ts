import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderYaml } from '../lib/constructs/config-file';
import { clusterOf, ExportError } from '../lib/preflight/export';
import { preflight, tally } from '../lib/preflight/preflight';
import { exportCommand } from '../lib/preflight/reads';
import { jsonReport, textReport } from '../lib/preflight/report';
import { Wanted } from '../lib/preflight/wanted';
import { KubectlError, readCluster } from './kubectl';
import { readManifests, runMain, UsageError } from './manifests';

const HELP = `npm run -s preflight -- [--values <name>] [--context <context> | --export <file>] [--inotify] [--json]

Tells whether the existing cluster fits what dist/ would add to it; applies nothing.

--values <name>    cluster of values/<name>.yaml, that is dist/<name>/ (default: dist/ itself)
--context <name>   context of kubectl (default: the current one)
--export <file>    no cluster: read what the command of --export-command wrote; - reads standard input
--export-command   print that command
--inotify          read the inotify limits of each node, by kubectl exec in node-exporter
--json             for machines: tally, checks, and what to paste

exit code 0: nothing fails; 1: something does; 2: preflight itself could not be run
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      values: { type: 'string', default: 'default' },
      context: { type: 'string' },
      export: { type: 'string' },
      'export-command': { type: 'boolean', default: false },
      inotify: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const wanted = new Wanted(readManifests(values.values));
  if (values['export-command']) return print(`${exportCommand(wanted, 'cluster.json')}\n`);
  if (values.export !== undefined && (values.context !== undefined || values.inotify))
    throw new UsageError('--export reads a file; --context and --inotify are for a cluster');
  const cluster =
    values.export === undefined
      ? await readCluster(wanted, { context: values.context, inotify: values.inotify })
      : clusterOf(values.export, readFile(values.export));
  const results = preflight(wanted, cluster);
  print(values.json ? jsonReport(results) : textReport(results, renderYaml));
  process.exitCode = tally(results).fail > 0 ? 1 : 0;
}

function readFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

runMain('preflight', main, [ExportError, KubectlError]);
