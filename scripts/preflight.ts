import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderYaml } from '../lib/constructs/config-file';
import { ExportError, readExport } from '../lib/preflight/answers';
import { Desired } from '../lib/preflight/desired';
import { preflight, tally } from '../lib/preflight/preflight';
import { exportCommand } from '../lib/preflight/reads';
import { jsonReport, textReport } from '../lib/preflight/report';
import { print, withProgress } from '../lib/terminal';
import { ValuesError } from '../lib/values/problem';
import { reason } from '../lib/values/read-text';
import { clusterValues } from './cluster-values';
import { KubectlError, readCluster } from './kubectl';
import { readManifests, runMain, UsageError } from './manifests';

const HELP = `npm run -s preflight -- [--values <name>] [--context <context> | --export <file>] [--inotify] [--grafana]
                            [--json]

Checks whether an existing cluster fits what dist/ would add to it. Changes nothing. Also sends an empty request, without
credentials, to each destination of logs and traces outside the cluster, from this machine.

--values <name>    cluster of values/<name>.yaml and dist/<name>/ (default: values/default.yaml and dist/ itself)
--context <name>   kubectl context (default: the current one); cluster.context in the values refuses any other
--export <file>    read the output of the command that --export-command prints, instead of a cluster; - is stdin
--export-command   print that command
--inotify          read the inotify limits of each node, by kubectl exec in node-exporter
--grafana          list the datasources that Grafana has, by kubectl exec of curl in Grafana; also with --export-command
--json             print JSON: tally, checks, and what to paste

exit code 0: nothing fails; 1: a check fails; 2: preflight itself could not run
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      values: { type: 'string', default: 'default' },
      context: { type: 'string' },
      export: { type: 'string' },
      'export-command': { type: 'boolean', default: false },
      inotify: { type: 'boolean', default: false },
      grafana: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const objects = readManifests(values.values);
  const { settings } = clusterValues(values.values);
  const desired = new Desired(settings, objects);
  if (values['export-command'])
    return void process.stdout.write(`${exportCommand(desired, 'cluster.json', values.grafana)}\n`);
  if (values.export !== undefined && (values.context !== undefined || values.inotify || values.grafana))
    throw new UsageError('--export reads a file; --context, --inotify and --grafana are for a cluster');
  const cluster =
    values.export === undefined
      ? await withProgress(
          process.stderr,
          (seconds) => `reading the cluster, ${seconds} s`,
          readCluster(desired, {
            context: values.context,
            inotify: values.inotify,
            grafana: values.grafana,
          }),
        )
      : readExport(values.export, readFile(values.export), desired);
  const results = preflight(desired, cluster);
  print(process.stdout, values.json ? jsonReport(results) : textReport(results, renderYaml));
  process.exitCode = tally(results).fail > 0 ? 1 : 0;
}

function readFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reason(error)}`);
  }
}

runMain('preflight', main, [ExportError, KubectlError, ValuesError]);
