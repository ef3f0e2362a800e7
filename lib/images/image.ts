import type { ImageSettings, ImagesSettings } from './settings';

/** The image as the kubelet pulls it, with the registry that `images.registry` puts before every image. */
export function imageReference(image: ImageSettings, images: ImagesSettings): string {
  const digest = image.digest === undefined ? '' : `@${image.digest}`;
  return `${images.registry ?? image.registry}/${image.repository}:${image.tag}${digest}`;
}
