import { parseArgs } from 'node:util';
import { stackSettings } from '../lib/settings';
import { print } from '../lib/terminal';
import { ValuesError } from '../lib/values/problem';
import { resolvedValues } from '../lib/values/resolved';
import { clusterValues } from './cluster-values';
import { runMain, UsageError } from './manifests';

const HELP = `npm run -s values -- [<name>]

Prints every setting of the cluster of values/<name>.yaml (default: values/default.yaml), its value, and its origin:
the file, line and column where it is written, "default", or "derived" from other settings.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(HELP);
  const [name = 'default', ...others] = positionals;
  if (others.length > 0) throw new UsageError('name one cluster');
  const resolved = resolvedValues(clusterValues(name), stackSettings);
  const width = Math.max(...resolved.map(({ path, value }) => path.length + value.length)) + 2;
  const lines = resolved.map(
    ({ path, value, origin }) => `${`${path}: ${value}`.padEnd(Math.min(width, 72))}  # ${origin}`,
  );
  print(process.stdout, `${lines.join('\n')}\n`);
}

runMain('values', main, [ValuesError]);
