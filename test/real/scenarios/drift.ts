import { isBuiltIn } from '../../../lib/kubernetes/kinds';
import { crd } from '../../preflight/existing';
import { CASE_NAMES, caseManifests, type Manifest } from '../../support/render';
import { drift } from '../drift';
import type { KubernetesApi } from '../kubernetes-api';
import type { Run, Scenario } from '../scenario';
import { startApi } from '../stack';

/**
 * Fields that the API server fills in, and a controller that applies server-side does not compare: they have no
 * owner, so that a dry run of the same manifest leaves them as they are.
 */
const NOT_COMPARED: Readonly<Record<string, readonly string[]>> = {
  '*': ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'uid'].map(
    (name) => `metadata.${name}`,
  ),
  PersistentVolumeClaim: ['metadata.finalizers', 'status'],
  Ingress: ['status'],
  PodDisruptionBudget: ['status'],
  Service: [
    ...[
      'clusterIP',
      'clusterIPs',
      'internalTrafficPolicy',
      'ipFamilies',
      'ipFamilyPolicy',
      'sessionAffinity',
    ].map((name) => `spec.${name}`),
    'status',
  ],
  // Argo CD does not compare the status of a claim template either.
  StatefulSet: [
    'persistentVolumeClaimRetentionPolicy',
    'revisionHistoryLimit',
    'updateStrategy',
    'volumeClaimTemplates[].status',
  ].map((name) => `spec.${name}`),
  Deployment: ['spec.progressDeadlineSeconds', 'spec.revisionHistoryLimit'],
  DaemonSet: [
    'metadata.annotations.deprecated.daemonset.template.generation',
    'spec.revisionHistoryLimit',
    'spec.updateStrategy.rollingUpdate.maxSurge',
  ],
};

/** The same for what every workload has. */
const NOT_COMPARED_OF_WORKLOADS = [
  'status',
  'spec.template.spec.dnsPolicy',
  'spec.template.spec.schedulerName',
  'spec.template.spec.serviceAccount',
  'spec.template.spec.containers[].terminationMessagePath',
  'spec.template.spec.containers[].terminationMessagePolicy',
  'spec.template.spec.volumes[].configMap.defaultMode',
  'spec.template.spec.volumes[].projected.defaultMode',
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].map(
    (probe) => `spec.template.spec.containers[].${probe}.successThreshold`,
  ),
];

/** What is in dist/ reads back as it is, and applying it again changes nothing: no GitOps controller finds a drift. */
export const driftScenario: Scenario = {
  name: 'drift',
  title: 'Drift: every case applied server-side and read back, field by field',
  needs: ['etcd', 'apiServer'],
  async run({ folder, report }: Run) {
    const cases = CASE_NAMES.map((name) => ({ name, objects: caseManifests(name) }));
    const api = await startApi(
      folder,
      cases.flatMap((one) => one.objects),
    );
    try {
      for (const kind of ['ServiceMonitor', 'PodMonitor', 'PrometheusRule']) {
        await api.apply(crd(kind, `${kind.toLowerCase()}s`));
        await api.untilServed('monitoring.coreos.com/v1', `${kind.toLowerCase()}s`);
      }
      const filledIn = new Set<string>();
      for (const { name, objects } of cases) {
        const own = objects.filter(
          (one) => isBuiltIn(one) || one.apiVersion.startsWith('monitoring.coreos.com/'),
        );
        const seen = await applied(api, own);
        const read = `${name}: fields of ${own.length} objects that read back otherwise`;
        report.equal(
          read,
          seen.flatMap(({ changed }) => changed),
          [],
        );
        report.equal(
          `${name}: fields filled in that are not listed`,
          seen.flatMap(({ unlisted }) => unlisted),
          [],
        );
        for (const field of seen.flatMap(({ added }) => added)) filledIn.add(field);
        for (const object of own) await api.remove(object);
      }
      report.figure('fields filled in, and not compared', [...filledIn].sort().join(', '));
    } finally {
      api.stop();
    }
  },
};

interface Seen {
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly unlisted: readonly string[];
}

async function applied(api: KubernetesApi, objects: readonly Manifest[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const object of objects) {
    const { status, body } = await api.apply(object);
    if (status >= 300) throw new Error(`${object.kind}/${object.metadata.name}: ${body.message}`);
    const { changed, added } = drift(object, body);
    const listed = [
      ...(NOT_COMPARED['*'] ?? []),
      ...(NOT_COMPARED[object.kind] ?? []),
      ...(object.spec?.template ? NOT_COMPARED_OF_WORKLOADS : []),
    ];
    const named = (fields: readonly string[]) => fields.map((field) => `${object.kind} ${field}`);
    const foreign = added.filter((field) => !(NOT_COMPARED['*'] ?? []).includes(field));
    seen.push({
      changed: named(changed),
      added: named(foreign),
      unlisted: named(added.filter((field) => !listed.includes(field))),
    });
  }
  return seen;
}
