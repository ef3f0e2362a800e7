import * as z from 'zod';
import { count, httpsUrl, namespaceName, objectName, optional, text } from '../values/fields';

const gitRevision = () => text('a branch or tag such as "main" or "v1.4.0"', /^[\w./-]+$/);
const clusterPath = () =>
  text('the name of a values file, such as "eu/prod" for values/eu/prod.yaml', /^[a-z0-9][-a-z0-9/]*$/);

/** Hosts that belong to no one (RFC 2606), such as that of the values in a new clone. */
const PLACEHOLDER = /^[a-z]+:\/\/(?:[^/@]+@)?(?:[\w-]+\.)*example(?:\.\w+)?(?::\d+)?\//;

/** Whether a repository is still the placeholder of a new clone, from which no controller could read. */
export function isPlaceholder({ repository }: GitOpsSettings): boolean {
  return PLACEHOLDER.test(repository.url);
}

/** What differs for one cluster. */
export function clusterOf({ clusters, repository }: GitOpsSettings, name: string) {
  const { revision, wave = 1, server } = clusters[name] ?? {};
  return { revision: revision ?? repository.revision, wave, server };
}

/** Settings of the repository, and of the GitOps controller that reads it. */
export const gitOpsSettings = z.strictObject({
  repository: z
    .strictObject({
      url: text(
        'the address of a repository, without a password, such as "https://git.example.com/platform/logs-and-traces.git"',
        /^(?:https:\/\/[^\s/@]+|ssh:\/\/(?:[^\s/@:]+@)?[^\s/@]+)\/\S+$/,
        512,
      ).describe('URL from which the controller clones this repository.'),
      revision: gitRevision().default('main').describe('Branch to deploy.'),
    })
    .describe('This repository.'),
  clusters: z
    .record(
      clusterPath(),
      z.strictObject({
        revision: optional(gitRevision()).describe(
          'Branch of this cluster, or for Argo CD a tag; null uses repository.revision.',
        ),
        wave: count({ atLeast: 1, atMost: 100 })
          .default(1)
          .describe('Argo CD syncs the clusters of a wave once those of earlier waves are healthy.'),
        server: optional(httpsUrl('https://203.0.113.10:6443')).describe(
          'API server by which Argo CD knows the cluster; null uses the name of the values file, with "-" for "/".',
        ),
      }),
      { error: 'must be a map of clusters, by the names of their values files' },
    )
    .default({})
    .describe('What differs between clusters. A cluster without an entry has the defaults.'),
  argoCd: z
    .strictObject({
      namespace: namespaceName().default('argocd').describe('Namespace of Argo CD.'),
      project: objectName('AppProject').default('default').describe('Project of the Applications.'),
    })
    .prefault({})
    .describe('Argo CD.'),
  flux: z
    .strictObject({
      namespace: namespaceName().default('flux-system').describe('Namespace of Flux.'),
      secretName: optional(objectName('Secret')).describe(
        'Existing Secret with the credentials of the repository; null for a public repository.',
      ),
    })
    .prefault({})
    .describe('Flux.'),
});
export type GitOpsSettings = z.output<typeof gitOpsSettings>;
