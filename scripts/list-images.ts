import { stackSettings } from '../lib/settings';
import { ValuesError } from '../lib/values/problem';
import { readClusters } from '../lib/values/read-clusters';
import { publishedImages } from './images';

// Prints the images of every values file, or of the one that is named, for a mirror: one per line.
const [name] = process.argv.slice(2);
try {
  const clusters = readClusters('values', stackSettings);
  const wanted = clusters.filter((cluster) => name === undefined || cluster.name === name);
  if (wanted.length > 0) {
    process.stdout.write(`${publishedImages(wanted.map(({ settings }) => settings)).join('\n')}\n`);
  } else {
    const names = clusters.map((cluster) => cluster.name).join(', ');
    process.stderr.write(`values/${name}.yaml does not exist; name one of ${names}, or none for all\n`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof ValuesError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
