import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { print } from '../lib/terminal';
import { ValuesError } from '../lib/values/problem';
import { capacityFigures } from './capacity-figures';
import { fittedValues } from './fitted-values';
import { runMain, UsageError } from './manifests';

const HELP = `npm run -s capacity -- --logs-per-day <size> --spans-per-second <number> --nodes <number> [--days <number>]

Prints a values file with the smallest sizes that synth accepts for a load, and what it runs and stores: replicas, requests,
memory limits, volumes, size of buckets and their PUT requests. Changes nothing. docs/capacity.md explains the formulae.

--logs-per-day <size>         log lines of all containers on a busy day, such as 10Gi
--spans-per-second <number>   average spans of all applications on a busy day
--nodes <number>              nodes of the cluster
--days <number>               days that logs are kept (default: 7)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'logs-per-day': { type: 'string' },
      'spans-per-second': { type: 'string' },
      nodes: { type: 'string' },
      days: { type: 'string', default: '7' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { 'logs-per-day': logsPerDay, 'spans-per-second': spansPerSecond, nodes, days } = values;
  if (logsPerDay === undefined || spansPerSecond === undefined || nodes === undefined)
    throw new UsageError('--logs-per-day, --spans-per-second and --nodes are required');
  const fitted = fittedValues({
    logsPerDay,
    spansPerSecond: Number(spansPerSecond),
    nodes: Number(nodes),
    days: Number(days),
  });
  const figures = Object.entries(capacityFigures(fitted.settings)).map(
    ([name, text]) => `# ${name}: ${text}`,
  );
  print(process.stdout, `${figures.join('\n')}\n${stringify(fitted.values)}`);
}

runMain('capacity', main, [ValuesError]);
