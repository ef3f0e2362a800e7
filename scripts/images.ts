import type { Settings } from '../lib/settings';
import { objectsOf, workloadsOf } from './objects';

/** Every image of a cluster, as its pods reference it. */
export function imagesOf(settings: Settings): string[] {
  const containers = workloadsOf(objectsOf(settings)).flatMap(({ spec }) => {
    const { initContainers = [], containers: own } = spec.template.spec;
    return [...initContainers, ...own];
  });
  return unique(containers.map(({ image }) => image));
}

/** Every image of some clusters at its public registry, even if pods pull it from a mirror. */
export function publishedImages(clusters: readonly Settings[]): string[] {
  const published = (settings: Settings) =>
    imagesOf({ ...settings, images: { ...settings.images, registry: undefined } });
  return unique(clusters.flatMap(published));
}

function unique(images: readonly string[]): string[] {
  return [...new Set(images)].sort();
}
