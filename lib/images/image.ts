import type { ImageSettings, ImagesSettings } from './settings';

/** The image reference that the kubelet pulls; `images.registry` replaces the registry of every image. */
export function imageReference(image: ImageSettings, images: ImagesSettings): string {
  const digest = image.digest === undefined ? '' : `@${image.digest}`;
  return `${images.registry ?? image.registry}/${image.repository}:${image.tag}${digest}`;
}
