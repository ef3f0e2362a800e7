import { expect, test } from '@jest/globals';
import { describeManifests } from './support/describe-manifests';
import { KUBERNETES_RELEASES, schemaErrors } from './support/kubernetes-schemas';
import { CASE_NAMES, caseManifests } from './support/render';

test.each(KUBERNETES_RELEASES)('the schema of Kubernetes %s refuses what is wrong', (release) => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'wrong' },
    spec: { ports: [{ port: 'http' }] },
  };

  expect(schemaErrors(release, service)).toEqual([expect.stringContaining('Service/wrong')]);
});

for (const name of CASE_NAMES) describeManifests(`the case ${name}`, caseManifests(name));
