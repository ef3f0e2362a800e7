import { z } from 'zod';
import { namespaceName, objectName, optional, text } from '../values/fields';

/** Settings of the repository, and of the GitOps controller that reads it. */
export const gitOpsSettings = z.strictObject({
  repository: z
    .strictObject({
      url: text(
        'the address of a repository, without a password, such as "https://git.example.com/platform/logs-and-traces.git"',
        /^(?:https:\/\/[^\s/@]+|ssh:\/\/(?:[^\s/@:]+@)?[^\s/@]+)\/\S+$/,
        512,
      ).describe('URL from which the controller clones this repository.'),
      revision: text('a branch such as "main"', /^[\w./-]+$/)
        .default('main')
        .describe('Branch to deploy.'),
    })
    .describe('This repository.'),
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
