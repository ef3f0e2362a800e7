import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { type Settings, stackSettings } from '../lib/settings';
import { clusterNames } from '../lib/values/read-clusters';
import { type ReadValues, readValues } from '../lib/values/read-values';
import { UsageError } from './manifests';

/**
 * Reads the values file of one cluster.
 *
 * @param name Name of the file below `values/`, without its ending.
 * @throws UsageError that lists the clusters if the file does not exist, and ValuesError with every mistake in it.
 */
export function clusterValues(name: string): ReadValues<Settings> {
  const file = posix.join('values', `${name}.yaml`);
  if (existsSync(file)) return readValues(file, stackSettings);
  throw new UsageError(`${file} does not exist; the clusters are: ${clusterNames('values').join(', ')}`);
}
