import { parseArgs } from 'node:util';
import { lokiBucketUse, tempoBucketUse } from '../lib/capacity/buckets';
import { printedSetup } from '../lib/object-storage/print';
import { print } from '../lib/terminal';
import { ValuesError } from '../lib/values/problem';
import { clusterValues } from './cluster-values';
import { runMain } from './manifests';

const HELP = `npm run -s bucket -- [--values <name>]

Prints what the buckets of a values file need outside of the cluster: the smallest permissions, who gets them, and
lifecycle rules; with capacity in the values also its size and its requests. Changes nothing. Words in <> are to be filled in.

--values <name>   cluster of values/<name>.yaml (default: default)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      values: { type: 'string', default: 'default' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { settings } = clusterValues(values.values);
  const { namespace } = settings.cluster;
  const use = { loki: lokiBucketUse(settings), tempo: tempoBucketUse(settings) };
  const stores = (['loki', 'tempo'] as const).map((name) => ({
    name,
    namespace,
    storage: settings[name].storage,
    use: use[name],
  }));
  print(process.stdout, `${printedSetup(stores)}\n`);
}

runMain('bucket', main, [ValuesError]);
