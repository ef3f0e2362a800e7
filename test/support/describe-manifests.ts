import { describe, expect, test } from '@jest/globals';
import { isBuiltIn, isNamespaced } from '../../lib/kubernetes/kinds';
import { strictestLevel, violationsOf } from '../../lib/kubernetes/pod-security';
import { Quantity } from '../../lib/kubernetes/quantity';
import { selects } from '../../lib/kubernetes/selectors';
import { workloadsOf } from '../../scripts/objects';
import { KUBERNETES_RELEASES, schemaErrors } from './kubernetes-schemas';
import type { Manifest } from './render';

/** Where each log agent keeps what has to survive its pod. */
const STATE_OF_AGENTS: Readonly<Record<string, string>> = {
  promtail: '/var/lib/promtail',
  'otel-agent': '/var/lib/otel-agent',
};

/** Tests of the objects of any cluster, those of this product's cases and those of `values/`. */
export function describeManifests(title: string, objects: readonly Manifest[]): void {
  describe(title, () => {
    const workloads = workloadsOf(objects);
    const pods = workloads.map(({ spec }) => spec.template);
    const identity = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;
    const exists = (kind: string, object: string) =>
      kind === 'Secret' || objects.some((one) => identity(one) === `${kind}/${object}`);

    test.each(KUBERNETES_RELEASES)('is valid for Kubernetes %s', (release) => {
      // The schemas of custom resources come with their controllers.
      const builtIn = objects.filter(isBuiltIn);

      expect(builtIn.length).toBeGreaterThan(10);
      expect(builtIn.flatMap((object) => schemaErrors(release, object))).toEqual([]);
    });

    test('has valid names of objects and ports', () => {
      const ports = pods.flatMap(({ spec }) =>
        spec.containers.flatMap((container: Manifest) => container.ports),
      );

      expect(
        objects
          .map(({ metadata }) => metadata.name)
          .filter((one) => !/^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(one)),
      ).toEqual([]);
      expect(
        ports
          .map((port: Manifest) => port.name)
          .filter((one: string) => !/^(?=.*[a-z])[a-z0-9-]{1,15}$/.test(one)),
      ).toEqual([]);
    });

    test('has no two objects with the same identity', () => {
      expect(new Set(objects.map(identity)).size).toBe(objects.length);
    });

    test('sets a namespace on every namespaced object and on no other', () => {
      const wrong = objects.filter(
        (object) => isNamespaced(object) !== (object.metadata.namespace !== undefined),
      );

      expect(wrong.map(identity)).toEqual([]);
    });

    test('has no object with a name of kube-prometheus-stack', () => {
      // Every object of the release `prometheus` has its name, or the operator's or its Alertmanager's, in front.
      const taken = /^(prometheus|alertmanager|kube-prometheus)(-|$)/;

      expect(objects.map(identity).filter((one) => taken.test(one.split('/')[1] ?? ''))).toEqual([]);
    });

    test('has selectors that match the pods of their workload', () => {
      for (const { spec } of workloads)
        expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    });

    test('has Services that select one workload each, on named container ports', () => {
      for (const service of objects.filter(({ kind }) => kind === 'Service')) {
        const selected = pods.filter(({ metadata }) =>
          selects({ matchLabels: service.spec.selector }, metadata.labels),
        );
        expect(selected).toHaveLength(1);
        const ports = selected[0].spec.containers.flatMap((container: Manifest) => container.ports);
        for (const { targetPort, protocol, port } of service.spec.ports) {
          expect(ports).toContainEqual({ name: targetPort, containerPort: port, protocol });
        }
      }
    });

    test('has probes on named container ports', () => {
      for (const container of pods.flatMap(({ spec }) => spec.containers)) {
        const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe].filter(
          Boolean,
        );
        expect(probes.length).toBeGreaterThan(0);
        const names = container.ports.map((port: Manifest) => port.name);
        for (const { httpGet } of probes) expect(names).toContain(httpGet.port);
      }
    });

    test('refers to ConfigMaps, Secrets, claims, accounts and Services that exist', () => {
      const references = [
        ...pods.flatMap(({ spec }) => [
          `ServiceAccount/${spec.serviceAccountName}`,
          ...(spec.imagePullSecrets ?? []).map((secret: Manifest) => `Secret/${secret.name}`),
          ...spec.volumes.flatMap((volume: Manifest) => [
            // The certificate authority of a server of buckets is not of this stack.
            ...(volume.configMap && volume.name !== 'object-storage-ca'
              ? [`ConfigMap/${volume.configMap.name}`]
              : []),
            ...(volume.secret ? [`Secret/${volume.secret.secretName}`] : []),
            ...(volume.persistentVolumeClaim
              ? [`PersistentVolumeClaim/${volume.persistentVolumeClaim.claimName}`]
              : []),
          ]),
        ]),
        ...objects
          .filter(({ kind }) => kind === 'StatefulSet')
          .map(({ spec }) => `Service/${spec.serviceName}`),
        ...objects
          .filter(({ kind }) => kind === 'ClusterRoleBinding')
          .flatMap(({ roleRef, subjects }) => [
            `${roleRef.kind}/${roleRef.name}`,
            ...subjects.map((subject: Manifest) => `${subject.kind}/${subject.name}`),
          ]),
        ...objects
          .filter(({ kind }) => kind === 'Ingress')
          .flatMap(({ spec }) => [
            ...spec.tls.flatMap((tls: Manifest) => (tls.secretName ? [`Secret/${tls.secretName}`] : [])),
            ...spec.rules.flatMap((rule: Manifest) =>
              rule.http.paths.map((path: Manifest) => `Service/${path.backend.service.name}`),
            ),
          ]),
      ];
      const missing = references.filter((reference) => {
        const [kind = '', object = ''] = reference.split('/');
        return !exists(kind, object);
      });

      expect(references.length).toBeGreaterThan(4);
      expect(missing).toEqual([]);
    });

    test('mounts only volumes of its pod', () => {
      for (const { spec: workload } of workloads) {
        const { spec } = workload.template;
        const ofEachPod = (workload.volumeClaimTemplates ?? []).map(({ metadata }: Manifest) => metadata);
        const volumes = [...spec.volumes, ...ofEachPod].map((volume: Manifest) => volume.name);
        for (const container of spec.containers) {
          for (const mount of container.volumeMounts) expect(volumes).toContain(mount.name);
        }
      }
    });

    test('routes to existing Service ports', () => {
      for (const { spec } of objects.filter(({ kind }) => kind === 'Ingress')) {
        for (const { backend } of spec.rules[0].http.paths) {
          const service = objects.find((one) => identity(one) === `Service/${backend.service.name}`);
          expect(service.spec.ports.map((port: Manifest) => port.name)).toContain(backend.service.port.name);
        }
      }
    });

    test('mounts each volume in one pod at a time', () => {
      const holders = workloads.filter(({ spec }) =>
        spec.template.spec.volumes.some((volume: Manifest) => volume.persistentVolumeClaim),
      );

      const templated = workloads.filter(({ spec }) => spec.volumeClaimTemplates?.length > 0);
      const stores = workloads
        .map(({ metadata }) => metadata.name)
        .filter((one) => /^(loki|tempo)$/.test(one));

      expect([...holders, ...templated].map(({ metadata }) => metadata.name)).toEqual(
        expect.arrayContaining(stores),
      );
      for (const { spec } of templated) {
        expect(spec.replicas).toBeGreaterThan(1);
        expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({
          whenDeleted: 'Retain',
          whenScaled: 'Retain',
        });
      }
      expect(holders).toHaveLength(objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').length);
      for (const { kind, spec } of holders) {
        expect(spec.replicas).toBe(1);
        expect(kind === 'StatefulSet' || spec.strategy.type === 'Recreate').toBe(true);
      }
    });

    test('keeps every volume if Argo CD prunes or deletes', () => {
      const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
      for (const { metadata } of claims) {
        expect(metadata.annotations['argocd.argoproj.io/sync-options']).toBe('Prune=false,Delete=false');
      }
    });

    test('fits each object into the annotation of a client-side apply', () => {
      const tooLarge = objects.filter((object) => Buffer.byteLength(JSON.stringify(object)) > 200_000);

      expect(tooLarge.map(identity)).toEqual([]);
    });

    test('pins every image by a tag that is not latest', () => {
      const images = pods.flatMap(({ spec }) =>
        spec.containers.map((container: Manifest) => container.image),
      );

      expect(images).toHaveLength(workloads.length);
      for (const image of images) expect(image).toMatch(/^[^:]+:(?!latest)[^:@]+(@sha256:[0-9a-f]{64})?$/);
    });

    test('keeps all pods except the agent at Pod Security level restricted', () => {
      for (const pod of pods) {
        const { metadata, spec } = pod;
        const state = STATE_OF_AGENTS[metadata.labels.app];
        const isAgent = state !== undefined;
        expect(strictestLevel(violationsOf(pod))).toBe(isAgent ? 'privileged' : 'restricted');
        const hostPaths = spec.volumes
          .filter((volume: Manifest) => volume.hostPath)
          .map((volume: Manifest) => volume.hostPath.path);
        const journal = hostPaths.filter((path: string) => path.endsWith('/log/journal'));
        expect(hostPaths).toEqual(isAgent ? [state, '/var/log/pods', ...journal] : []);
        expect(spec.securityContext.runAsNonRoot ?? false).toBe(!isAgent);
        expect(spec.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
        expect([spec.hostNetwork, spec.hostPID, spec.hostIPC]).toEqual([undefined, undefined, undefined]);
        for (const { securityContext } of spec.containers) {
          expect(securityContext).toMatchObject({
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
        }
      }
    });

    test('mounts an API server token only in pods that read pods or events', () => {
      for (const { metadata, spec } of pods) {
        const account = objects.find((one) => identity(one) === `ServiceAccount/${spec.serviceAccountName}`);
        const wanted = ['promtail', 'otel-agent', 'otel-collector', 'event-collector'].includes(
          metadata.labels.app,
        );
        expect(spec.automountServiceAccountToken ?? account.automountServiceAccountToken).toBe(wanted);
        expect(account.automountServiceAccountToken).toBe(wanted);
      }
    });

    test('sets the Go memory limit of every daemon below its memory limit', () => {
      for (const { env, resources } of pods.flatMap(({ spec }) => spec.containers)) {
        const limit = env.find((variable: Manifest) => variable.name === 'GOMEMLIMIT').value;
        expect(limit).toMatch(/^\d+MiB$/);
        const share = Number.parseInt(limit, 10) / (Quantity.parse(resources.limits.memory)?.mebibytes ?? 0);
        expect(share).toBeGreaterThan(0.8);
        expect(share).toBeLessThanOrEqual(0.85);
      }
    });
  });
}
