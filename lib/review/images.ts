import { textAt } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/object';
import { containersOf, podOf } from '../kubernetes/pods';
import type { ComponentReview, DaemonReview } from './component-review';

/** Images of an object's containers, by the names of the containers. */
export function imagesOf(object: KubernetesObject): ReadonlyMap<string, string> {
  return new Map(
    containersOf(podOf(object)).flatMap((container) => {
      const [name, image] = [textAt(container, 'name'), textAt(container, 'image')];
      return name && image ? [[name, image] as const] : [];
    }),
  );
}

/** Last part of the image repository, without registry and organization. */
export function repositoryOf(image: string): string {
  return ((image.split('@')[0] ?? '').split('/').at(-1) ?? '').split(':')[0] ?? '';
}

/** Tag of an image; undefined if there is none. */
export function tagOf(image: string): string | undefined {
  return /:([\w][\w.-]*)(?:@.*)?$/.exec(image)?.[1];
}

/** The daemon that a workload runs, determined by the images of its containers. */
export function daemonOf(
  workload: KubernetesObject,
  components: readonly ComponentReview[],
): DaemonReview | undefined {
  const repositories = [...imagesOf(workload).values()].map(repositoryOf);
  return components
    .flatMap(({ daemon }) => daemon ?? [])
    .find(({ images }) => repositories.some((repository) => images.includes(repository)));
}

/** Numbers of a semantic version: `v3.7.6-rc1` is 3, 7, 6; undefined for any other tag. */
function versionNumbers(tag: string | undefined): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(tag ?? '');
  return match ? match.slice(1).map((part) => Number(part ?? 0)) : undefined;
}

/** Relation between two versions. */
export type VersionStep = 'same' | 'upgrade' | 'major upgrade' | 'downgrade' | 'unknown';

/** Compares two tags; `unknown` if one of them is not a version. */
export function versionStep(from: string | undefined, to: string | undefined): VersionStep {
  const [old, next] = [versionNumbers(from), versionNumbers(to)];
  if (!old || !next) return from === to ? 'same' : 'unknown';
  const place = old.findIndex((number, index) => number !== next[index]);
  if (place < 0) return from === to ? 'same' : 'unknown';
  if ((next[place] ?? 0) < (old[place] ?? 0)) return 'downgrade';
  return place === 0 ? 'major upgrade' : 'upgrade';
}
