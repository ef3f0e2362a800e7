import * as z from 'zod';
import { choice, objectName, optional, text } from '../values/fields';

/** Container runtimes treat a first part without a dot or a port as a folder of Docker Hub. */
const REGISTRY =
  /^(?:localhost|(?:[a-z0-9-]+\.)+[a-z0-9-]+|[a-z0-9-]+(?=:))(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

const registry = () =>
  text('a registry with an optional path, such as "registry.example.com/mirror"', REGISTRY);

/** The source of every component's image. */
export const imagesSettings = z.strictObject({
  registry: optional(registry()).describe(
    'Registry of a mirror, which replaces the registry of every image; null keeps each registry.',
  ),
  pullPolicy: choice(['IfNotPresent', 'Always', 'Never'])
    .default('IfNotPresent')
    .describe('When the kubelet pulls an image.'),
  pullSecrets: z
    .array(objectName('Secret'), { error: 'must be a list of Secret names' })
    .default([])
    .describe('Secrets in the namespace with the credentials of the registry.'),
});
export type ImagesSettings = z.output<typeof imagesSettings>;

/** An image, pinned by tag and optionally by digest. */
export function imageSettings(pinned: { repository: string; tag: string }) {
  return z
    .strictObject({
      registry: registry().default('docker.io').describe('Registry of the image.'),
      repository: text('a repository such as "grafana/loki"', REPOSITORY)
        .default(pinned.repository)
        .describe('Repository of the image.'),
      tag: text('a tag other than "latest", such as "3.7.6"', /^(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]*$/, 128)
        .default(pinned.tag)
        .describe(
          'Tag of the image. The config is written for the default tag; test any other version before you use it.',
        ),
      digest: optional(
        text('a digest such as "sha256:" and 64 hexadecimal digits', /^sha256:[0-9a-f]{64}$/),
      ).describe(
        'Digest of the image. If set, the kubelet pulls by digest and the tag is only informational.',
      ),
    })
    .prefault({})
    .describe('Container image.');
}
export type ImageSettings = z.output<ReturnType<typeof imageSettings>>;
