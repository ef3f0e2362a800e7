import { parseArgs } from 'node:util';
import { stackSettings } from '../lib/settings';
import { ValuesError } from '../lib/values/problem';
import { readClusters } from '../lib/values/read-clusters';
import { publishedImages } from './images';
import { runMain, UsageError } from './manifests';

const HELP = `npm run -s images -- [<name>]

Prints the images of every cluster, or of the cluster of values/<name>.yaml, at their public registries: one per
line, so that you can copy them to a mirror.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(HELP);
  if (positionals.length > 1) throw new UsageError('pass one cluster, or none for all clusters');
  const [name] = positionals;
  const clusters = readClusters('values', stackSettings);
  const wanted = clusters.filter((cluster) => name === undefined || cluster.name === name);
  if (wanted.length === 0) {
    const names = clusters.map((cluster) => cluster.name).join(', ');
    throw new UsageError(
      `values/${name}.yaml does not exist; pass one of ${names}, or none for all clusters`,
    );
  }
  process.stdout.write(`${publishedImages(wanted.map(({ settings }) => settings)).join('\n')}\n`);
}

runMain('images', main, [ValuesError]);
