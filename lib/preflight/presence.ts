import { isMap, mapAt } from '../kubernetes/json';
import { type KubernetesObject, nameOf } from '../kubernetes/object';
import { type Finding, fail, unknown } from './check';
import { type Cluster, Unseen } from './cluster';
import type { ForeignObject } from './reads';

/**
 * Yields what is wrong with objects that pods of the stack read: missing, or without a key. Returns those that exist.
 *
 * @param page Page that says how to create them.
 * @param otherwise What happens without them.
 */
export function* presence(
  cluster: Cluster,
  objects: readonly ForeignObject[],
  page: string,
  otherwise = 'the pod that reads it would not start',
): Generator<Finding, KubernetesObject[]> {
  const looked: KubernetesObject[] = [];
  for (const object of objects) {
    const found = lookUp(cluster, object);
    if (found === 'unread')
      yield unknown(
        [],
        `${nameOf(object)} was not looked up`,
        `check that it exists: ${cluster.kubectl(`get ${object.kind.toLowerCase()} ${object.metadata.name} -n ${object.metadata.namespace}`)}`,
      );
    else if (found === undefined)
      yield fail([], `${nameOf(object)} does not exist: ${otherwise}`, `create it: ${page}`);
    else {
      looked.push(found);
      const missing = object.keys.filter((key) => !keysOf(found).includes(key));
      if (missing.length > 0)
        yield fail(
          [found],
          `${nameOf(object)} has no key ${missing.join(', ')}: ${otherwise}`,
          `add it: ${page}`,
        );
    }
  }
  return looked;
}

function keysOf(object: KubernetesObject): string[] {
  return isMap(object)
    ? ['data', 'binaryData'].flatMap((section) => Object.keys(mapAt(object, section)))
    : [];
}

function lookUp(cluster: Cluster, object: KubernetesObject) {
  try {
    return cluster.find(object);
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    return 'unread';
  }
}
